#pragma once

#include "ae/detail/core/abi.hpp"

#include <type_traits>

#include "ae/detail/linalg/blocking.hpp"
#include "ae/detail/linalg/copy.hpp"

/// Elementwise work, a packet at a time.
namespace ae::inline AE_ABI::detail {

/// The entries of one packet, where they lie.
template <class Scalar>
EIGEN_ALWAYS_INLINE auto packet_at(Scalar* first) {
  using Plain = std::remove_const_t<Scalar>;
  using Entries = Eigen::Matrix<Plain, Blocking<Plain>::width, 1>;
  using Target = std::conditional_t<std::is_const_v<Scalar>, const Entries, Entries>;
  return Eigen::Map<Target>(first);
}

/// What is left of a column beside its whole packets, in a packet that is filled up with zeros.
template <class Scalar>
class PacketBuffer {
  using Plain = std::remove_const_t<Scalar>;
  static constexpr Index width = Blocking<Plain>::width;

 public:
  EIGEN_ALWAYS_INLINE PacketBuffer(Scalar* place, Index count) : place_(place), count_(count) {
    load_partial(static_cast<const Plain*>(place), count, entries_);
  }

  EIGEN_ALWAYS_INLINE auto view() { return packet_at<Scalar>(entries_); }

  EIGEN_ALWAYS_INLINE void store() const {
    if constexpr (!std::is_const_v<Scalar>)
      store_partial(static_cast<const Plain*>(entries_), count_, place_);
  }

 private:
  alignas(typename Blocking<Plain>::Packet) Plain entries_[std::size_t{width}];
  Scalar* place_;
  Index count_;
};

/// f(entries of each column...) for all `size` entries of contiguous columns, a packet at a time:
/// entry by entry would cost several times as much. f treats every entry by itself, and zeros that
/// belong to no entry may be among them. Its arguments are vectors of a size known at compile time.
template <class F, class... Scalars>
EIGEN_ALWAYS_INLINE void for_packets(Index size, const F& f, Scalars*... columns) {
  constexpr Index width = Blocking<std::remove_const_t<std::common_type_t<Scalars...>>>::width;
  Index i = 0;
  for (; i + width <= size; i += width) f(packet_at(columns + i)...);
  if (i == size) return;
  const auto through = [&](auto... buffers) AE_INLINED {
    f(buffers.view()...);
    (buffers.store(), ...);
  };
  through(PacketBuffer<Scalars>(columns + i, size - i)...);
}

}  // namespace ae::inline AE_ABI::detail
