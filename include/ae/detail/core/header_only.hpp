#pragma once

/// A header X.hpp may leave the definitions of some functions to detail/.../X-inl.hpp, as fmt and
/// spdlog do. These functions are no templates, or depend on the scalar type alone. X.hpp includes
/// X-inl.hpp at its end, unless AE_COMPILED is defined; then a library has them, compiled once, for
/// float and double. AE_HEADER_INLINE precedes the definitions of those that are no templates.
#ifdef AE_COMPILED
#define AE_HEADER_INLINE
#else
#define AE_HEADER_INLINE inline
#endif
