#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/linalg/blocking.hpp"
#include "ae/detail/linalg/unroll.hpp"

namespace ae::inline AE_ABI::detail {

/// The store of a finished tile of MR rows, put off until the next tile is computed: its
/// micro-kernel stores a column at a time, so that writing, which waits for the caches, hides
/// behind arithmetic. The default is nothing to store.
template <class Scalar>
class DeferredStore {
 public:
  DeferredStore() = default;
  /// The tile's columns are MR apart, those of the place `stride`.
  DeferredStore(const Scalar* tile, Scalar* place, Index stride, Index columns)
      : tile_(tile), place_(place), stride_(stride), columns_(columns) {}

  EIGEN_ALWAYS_INLINE void store(Index j) const {
    using namespace Eigen::internal;
    using B = Blocking<Scalar>;
    if (j >= columns_) return;
    const Scalar* from = tile_ + j * B::MR;
    Scalar* to = place_ + j * stride_;
    unroll<B::vectors>([&](auto i) AE_INLINED {
      pstoreu(to + i * B::width, pload<typename B::Packet>(from + i * B::width));
    });
  }

  /// All of it, where no other tile follows.
  void store() const {
    for (Index j = 0; j < columns_; ++j) store(j);
  }

 private:
  const Scalar* tile_ = nullptr;
  Scalar* place_ = nullptr;
  Index stride_ = 0, columns_ = 0;
};

}  // namespace ae::inline AE_ABI::detail
