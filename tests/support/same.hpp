#pragma once

#include <cstring>

#include "ae/core/types.hpp"

/// True if two matrices or arrays hold the same bits.
template <class A, class B>
bool same_bits(const Eigen::DenseBase<A>& a, const Eigen::DenseBase<B>& b) {
  static_assert(std::is_same_v<typename A::Scalar, typename B::Scalar>);
  const typename A::PlainObject left = a.derived();
  const typename B::PlainObject right = b.derived();
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(left.data(), right.data(),
                     static_cast<std::size_t>(a.size()) * sizeof(typename A::Scalar)) == 0;
}

/// True if two models of dense layers have the same weights and biases to the bit.
template <class A, class B>
bool same_parameters(const A& a, const B& b) {
  bool same = a.layers() == b.layers();
  for (ae::Index i = 0; same && i < a.layers(); ++i) {
    same = same_bits(a.weight(i), b.weight(i)) && same_bits(a.bias(i), b.bias(i));
  }
  return same;
}
