#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "ae/detail/linalg/blocking.hpp"
#include "ae/detail/linalg/copy.hpp"
#include "ae/linalg/epilogue.hpp"

/// Epilogues that treat every entry by itself.
namespace ae::detail {

/// Some entries of a column on their way through arithmetic: a whole packet, of which `count` are
/// read, and written where they may be.
template <class Column>
class Piece {
  using Scalar = typename Column::Scalar;
  static constexpr Index width = Blocking<Scalar>::width;
  using Entries = Eigen::Matrix<Scalar, width, 1>;

 public:
  Piece(Column& column, Index first, Index count) : place_(column.data() + first), count_(count) {
    copy_few<width>(static_cast<const Scalar*>(place_), count_, entries_.data());
  }

  auto view() {
    return Eigen::Map<Entries, Eigen::internal::traits<Entries>::Alignment>(entries_.data());
  }

  void store() const {
    if constexpr (!std::is_const_v<std::remove_pointer_t<decltype(place_)>>) {
      copy_few<width>(entries_.data(), count_, place_);
    }
  }

 private:
  Entries entries_ = Entries::Zero();
  decltype(std::declval<Column&>().data()) place_;
  Index count_;
};

template <class Column>
constexpr bool is_contiguous =
    (Column::Flags & Eigen::DirectAccessBit) != 0 && Column::InnerStrideAtCompileTime == 1;

/// f(parts of a column...) for parts whose size is known at compile time: those of any other are
/// cut into packets, the last filled up with zeros, since entry by entry costs several times as
/// much. Columns that lie across, or are expressions, are left to f as they are.
template <class F>
struct ByPackets {
  F f;

  template <class First, class... Others>
  void operator()(Index, Index, First&& first, Others&&... others) const {
    using Column = std::decay_t<First>;
    if constexpr (Column::SizeAtCompileTime != Eigen::Dynamic || !is_contiguous<Column>) {
      f(first, others...);
    } else {
      constexpr Index width = Blocking<typename Column::Scalar>::width;
      for (Index i = 0; i < first.size(); i += width) {
        const Index count = std::min(width, first.size() - i);
        const auto through = [this](auto... pieces) {
          f(pieces.view()...);
          (pieces.store(), ...);
        };
        through(Piece<std::remove_reference_t<First>>(first, i, count),
                Piece<std::remove_reference_t<Others>>(others, i, count)...);
      }
    }
  }
};

template <class F>
ByPackets(F) -> ByPackets<F>;

/// An epilogue that goes through a tile together with the same place in other matrices:
/// f(its entries, theirs...), some of one column at a time, each treated by itself.
template <class F, class... Matrices>
auto on_entries(F f, Matrices&&... matrices) {
  return linalg::on_columns(ByPackets{std::move(f)}, std::forward<Matrices>(matrices)...);
}

}  // namespace ae::detail
