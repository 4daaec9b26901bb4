#pragma once

/// A header X.hpp may declare functions whose definitions are in detail/.../X-inl.hpp, in the
/// manner of fmt and spdlog: functions that are no templates, or that depend on the scalar type
/// alone. X.hpp includes that file at its end. Where AE_COMPILED is defined it does not: a library
/// then has the functions, compiled once, for float and double.
#ifdef AE_COMPILED
#define AE_HEADER_INLINE
#else
#define AE_HEADER_INLINE inline
#endif
