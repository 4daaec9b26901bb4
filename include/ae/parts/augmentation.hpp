#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"

/// Random changes that turn samples into other plausible samples.
namespace ae::inline AE_ABI {

/// Mirrors one picture in two left to right, if `mirrored`, and moves each by `shift` pixels to one
/// of four sides or not at all, each as often; where a picture has moved away from an edge, that
/// edge is repeated. Columns are pictures of rows of `width` values.
/// ~~~{.cpp}
/// model.fit(pictures, {.epochs = 100}, ae::RandomFlipAndShift{.width = 32, .shift = 2});
/// ~~~
struct RandomFlipAndShift {
  Index width = 32;
  Index shift = 0;
  bool mirrored = true;

  /// Throws OptionError for a width below 1 or a negative shift.
  void require_valid() const {
    detail::require<OptionError>(
        width > 0, "random flip and shift: expected a width of at least 1, found ", width);
    detail::require<OptionError>(
        shift >= 0, "random flip and shift: expected a shift of at least 0, found ", shift);
  }

  template <class X>
  void augment(X&& x, const Random& random, std::uint64_t index) const {
    detail::require<ShapeError>(x.rows() % width == 0,
                                "random flip and shift: expected pictures whose rows have ", width,
                                " values, found pictures of ", x.rows());
    thread_local Vector<typename std::decay_t<X>::Scalar> was;  // so that steps allocate nothing
    for (Index i = 0; i < x.cols(); ++i) {
      was = x.col(i);
      move(was, x.col(i), random.bits(index + static_cast<std::uint64_t>(i * x.rows())));
    }
  }

 private:
  void move(const auto& from, auto&& to, std::uint64_t bits) const {
    constexpr Index sides[5][2] = {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    const bool mirror = mirrored && bits % 2 == 0;
    const auto& side = sides[bits / 2 % 5];
    const Index height = from.size() / width;
    for (Index row = 0; row < height; ++row) {
      const Index from_row = std::clamp<Index>(row + shift * side[0], 0, height - 1);
      for (Index col = 0; col < width; ++col) {
        const Index from_col = std::clamp<Index>(col + shift * side[1], 0, width - 1);
        to[row * width + (mirror ? width - 1 - col : col)] = from[from_row * width + from_col];
      }
    }
  }
};

}  // namespace ae::inline AE_ABI
