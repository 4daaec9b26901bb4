#pragma once

#include <Eigen/Core>

/// Included where AE_COMPILED is defined: makes the linker refuse a library that was compiled for
/// another processor, whose matrices and packets are of other sizes.
namespace ae::detail {

template <int bytes>
struct LibraryCompiledForPacketsOf {
  static const char here;  ///< defined in the library, for its own size only
};

constexpr int packet_bytes = sizeof(Eigen::internal::packet_traits<float>::type);

[[gnu::used]] static const char* const library_is_there =
    &LibraryCompiledForPacketsOf<packet_bytes>::here;

}  // namespace ae::detail
