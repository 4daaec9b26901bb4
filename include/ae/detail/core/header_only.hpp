#pragma once

/// Functions that are no templates, and templates that only depend on the scalar type, are declared
/// in a header X.hpp and defined in X-inl.hpp, in the manner of fmt and spdlog. X.hpp includes that
/// one at its end; where AE_COMPILED is defined, it does not, and a library has the functions,
/// compiled once, for float and double.
#ifdef AE_COMPILED
#define AE_HEADER_INLINE
#else
#define AE_HEADER_INLINE inline
#endif
