#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <type_traits>

#include "ae/detail/linalg/blocking.hpp"

/// Copies of so few numbers that a loop over what is no whole packet would take most of the time.
/// Nothing behind these numbers is read or written.
namespace ae::inline AE_ABI::detail {

/// Copies 1 to 2 * `most` numbers, `most` a power of 2: the first and the last ones as two runs of
/// the same size, which is known at compile time. They may overlap; `from` and `to` may not.
template <Index most, class Scalar>
EIGEN_ALWAYS_INLINE void copy_few(const Scalar* from, Index count, Scalar* to) {
  if constexpr (most > 1) {
    if (count < most) return copy_few<most / 2>(from, count, to);
  }
  std::copy_n(from, most, to);
  std::copy_n(from + count - most, most, to + count - most);
}

AE_PACKETS_BEGIN

#ifdef EIGEN_VECTORIZE_AVX512
/// Processors with AVX-512 leave out numbers by a mask, at the cost of a whole packet.
template <class Scalar>
inline constexpr bool has_masks =
    std::is_same_v<typename Blocking<Scalar>::Packet, Eigen::internal::Packet16f> ||
    std::is_same_v<typename Blocking<Scalar>::Packet, Eigen::internal::Packet8d>;

EIGEN_ALWAYS_INLINE auto masked_load(const float* from, Index count) {
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), from);
}
EIGEN_ALWAYS_INLINE auto masked_load(const double* from, Index count) {
  return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << count) - 1), from);
}
EIGEN_ALWAYS_INLINE void masked_store(float* to, Index count, __m512 packet) {
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1), packet);
}
EIGEN_ALWAYS_INLINE void masked_store(double* to, Index count, __m512d packet) {
  _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1U << count) - 1), packet);
}
#else
template <class Scalar>
inline constexpr bool has_masks = false;

template <class Scalar>
void masked_load(const Scalar*, Index) = delete;
template <class Scalar>
void masked_store(Scalar*, Index, ...) = delete;
#endif

/// Fills `entries`, a packet, with 1 to width - 1 numbers, and zeros behind them.
template <class Scalar>
EIGEN_ALWAYS_INLINE void load_partial(const Scalar* from, Index count, Scalar* entries) {
  using namespace Eigen::internal;
  using Packet = typename Blocking<Scalar>::Packet;
  if constexpr (has_masks<Scalar>) {
    pstore(entries, masked_load(from, count));
  } else {
    pstore(entries, pset1<Packet>(Scalar{0}));
    copy_few<Blocking<Scalar>::width>(from, count, entries);
  }
}

/// Copies the first 1 to width - 1 numbers of `entries`, a packet.
template <class Scalar>
EIGEN_ALWAYS_INLINE void store_partial(const Scalar* entries, Index count, Scalar* to) {
  if constexpr (has_masks<Scalar>) {
    masked_store(to, count, Eigen::internal::pload<typename Blocking<Scalar>::Packet>(entries));
  } else {
    copy_few<Blocking<Scalar>::width>(entries, count, to);
  }
}

/// Copies 1 to width - 1 numbers.
template <class Scalar>
EIGEN_ALWAYS_INLINE void copy_partial(const Scalar* from, Index count, Scalar* to) {
  if constexpr (has_masks<Scalar>) {
    masked_store(to, count, masked_load(from, count));
  } else {
    copy_few<Blocking<Scalar>::width>(from, count, to);
  }
}

AE_PACKETS_END

/// Copies any number of them, packet by packet.
template <class Scalar>
EIGEN_ALWAYS_INLINE void copy_packets(const Scalar* from, Index count, Scalar* to) {
  constexpr Index width = Blocking<Scalar>::width;
  const Index whole = count - count % width;
  for (Index i = 0; i < whole; i += width) std::copy_n(from + i, width, to + i);
  if (whole < count) copy_partial(from + whole, count - whole, to + whole);
}

}  // namespace ae::inline AE_ABI::detail
