#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/error.hpp"
#include "ae/detail/linalg/kernel.hpp"
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
  explicit VectorProduct(const ConstMatrixRef<Scalar>& weight)
      : rows_(weight.rows()), depth_(weight.cols()), units_(divide_up(rows_, height)) {
    const Index even = divide_up(divide_up(units_, most), 2) * 2;
    blocks_ = std::min(units_, even);
    words_.setZero(units_ * depth_ * B::width);
    Word* to = words_.data();
    for (Index block = 0; block < blocks_; ++block) {
      for (Index k = 0; k < depth_; ++k) {
        for (Index unit = first_unit(block); unit < first_unit(block + 1); ++unit) {
          to = put(weight, unit, k, to);
        }
      }
    }
  }

  Index rows() const { return rows_; }
  Index depth() const { return depth_; }

  /// Rows with those that fill up the last packets: the size that y must have.
  Index padded_rows() const { return units_ * height; }

  /// y = weight * x for share `part` of `parts`; `finish(rows)` after each block.
  template <class Finish>
  void operator()(Index part, Index parts, const Scalar* x, Scalar* y, const Finish& finish) const {
    const Index end = blocks_ * (part + 1) / parts;
    for (Index block = blocks_ * part / parts; block < end; ++block) {
      const Index unit = first_unit(block), units = first_unit(block + 1) - unit;
      const Word* words = words_.data() + unit * depth_ * B::width;
      unroll<most>([&](auto i) {
        if (units == i + 1) multiply<i + 1>(words, x, y + unit * height);
      });
      finish(Range{unit * height, std::min(units * height, rows_ - unit * height)});
    }
  }

 private:
  static constexpr Index height = Format::packets * B::width;  // rows of a unit: a packet of words
  static constexpr Index most = 2 * B::vectors / Format::packets;  // units of a block

  static Index divide_up(Index size, Index by) { return (size + by - 1) / by; }

  Index first_unit(Index block) const { return units_ * block / blocks_; }

  Word* put(const ConstMatrixRef<Scalar>& weight, Index unit, Index k, Word* to) const {
    const auto at = [&](Index row) { return row < rows_ ? weight(row, k) : Scalar{0}; };
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

  Index rows_, depth_, units_, blocks_ = 0;
  Eigen::Matrix<Word, Eigen::Dynamic, 1> words_;
};

}  // namespace ae::inline AE_ABI::detail
