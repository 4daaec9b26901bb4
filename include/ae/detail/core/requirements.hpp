#pragma once

/// What the library needs, in one line where it is not there. GCC and Clang go on after #error; a
/// header that is missing stops them.
#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "ae: expected C++20 or newer, found an older standard: compile with -std=c++20 (/std:c++20)"
#include <the line above says what is missing>
#endif

#if !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#error "ae: expected exceptions, found -fno-exceptions: errors are thrown"
#include <the line above says what is missing>
#endif

#if !__has_include(<Eigen/Core>)
#error "ae: expected Eigen 3.4 or newer, found none: add its folder, as with -I /usr/include/eigen3"
#include <the line above says what is missing>
#endif

#include <Eigen/Core>

#if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#error "ae: expected Eigen 3.4 or newer, found an older one"
#include <the line above says what is missing>
#endif
