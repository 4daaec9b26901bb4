#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/linalg/kernel.hpp"
#include "ae/detail/linalg/row_blocks.hpp"
#include "ae/linalg/weight_format.hpp"

namespace ae::inline AE_ABI::detail {

/// A weight laid out for products with one column: blocks of rows that fit the registers, in each
/// the rows of one column behind the other, so that memory is read in one stream. Reading the
/// weight is all the cost, so what counts are its bytes, and that each thread comes back to the
/// same ones.
template <class Scalar, class Format>
class VectorProduct {
  using B = Blocking<Scalar>;
  using Packet = typename B::Packet;
  using Word = typename Format::template Word<Scalar>;

 public:
  /// A column as the product takes it.
  struct Input {
    const Scalar* numbers = nullptr;

    void prepare(Index) {}
  };

  explicit VectorProduct(const ConstMatrixRef<Scalar>& weight)
      : depth_(weight.cols()), blocks_(weight.rows(), height, most) {
    words_.setZero(blocks_.units() * depth_ * B::width);
    Word* to = words_.data();
    blocks_.for_each(0, 1, [&](Index first, Index units) {
      for (Index k = 0; k < depth_; ++k) {
        for (Index unit = first; unit < first + units; ++unit) to = put(weight, unit, k, to);
      }
    });
  }

  Index rows() const { return blocks_.rows(); }
  Index depth() const { return depth_; }

  /// Rows with those that fill up the last packets: the size that y must have.
  Index padded_rows() const { return blocks_.padded_rows(); }

  /// Column x, which must stay as long as the input is used.
  void enter(const Scalar* x, Input& input) const { input.numbers = x; }

  /// y = weight * x for share `part` of `parts`; `finish(rows)` after each block.
  template <class Finish>
  void operator()(Index part, Index parts, const Input& x, Scalar* y, const Finish& finish) const {
    blocks_.for_each(part, parts, [&](Index first, Index units) {
      const Word* words = words_.data() + first * depth_ * B::width;
      unroll<most>([&](auto i) {
        if (units == i + 1) multiply<i + 1>(words, x.numbers, y + first * height);
      });
      finish(blocks_.rows_of(first, units));
    });
  }

 private:
  static constexpr Index height = Format::packets * B::width;  // rows of a unit: a packet of words
  static constexpr Index most = 2 * B::vectors / Format::packets;  // units of a block

  Word* put(const ConstMatrixRef<Scalar>& weight, Index unit, Index k, Word* to) const {
    const auto at = [&](Index row) { return row < rows() ? weight(row, k) : Scalar{0}; };
    for (Index i = 0; i < B::width; ++i) {
      const Index row = unit * height + i;
      *to++ = Format::word(at(row), at(row + B::width));
    }
    return to;
  }

  template <Index Units>
  void multiply(const Word* words, const Scalar* x, Scalar* y) const {
    using namespace Eigen::internal;
    constexpr Index packets = Format::packets;
    Packet sum[std::size_t{Units * packets}];
    unroll<Units * packets>([&](auto i) AE_INLINED { sum[i] = pset1<Packet>(Scalar{0}); });
    for (Index k = 0; k < depth_; ++k, words += Units * B::width) {
      const Packet rhs = pset1<Packet>(x[k]);
      unroll<Units>([&](auto unit) AE_INLINED {
        Packet values[std::size_t{packets}];
        Format::load(words + unit * B::width, values);
        unroll<packets>([&](auto i) AE_INLINED {
          sum[unit * packets + i] = pmadd(values[i], rhs, sum[unit * packets + i]);
        });
      });
    }
    unroll<Units * packets>([&](auto i) AE_INLINED { pstoreu(y + i * B::width, sum[i]); });
  }

  Index depth_;
  RowBlocks blocks_;
  Eigen::Matrix<Word, Eigen::Dynamic, 1> words_;
};

}  // namespace ae::inline AE_ABI::detail
