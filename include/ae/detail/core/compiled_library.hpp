#pragma once

#include <Eigen/Core>

/// Included where AE_COMPILED is defined: makes the linker refuse a library whose packets are of
/// another size, or that computes products otherwise.
namespace ae::detail {

template <int bytes, bool plain_product>
struct LibraryCompiledForPacketsOf {
  static const char here;
};

#ifdef AE_PLAIN_PRODUCT
constexpr bool plain_product = true;
#else
constexpr bool plain_product = false;
#endif
constexpr int packet_bytes = sizeof(Eigen::internal::packet_traits<float>::type);

using ThisLibrary = LibraryCompiledForPacketsOf<packet_bytes, plain_product>;
template <>
const char ThisLibrary::here;  // defined in the library, for its own

[[gnu::used]] static const char* const library_is_there = &ThisLibrary::here;

}  // namespace ae::detail
