#pragma once

#include "ae/core/concepts.hpp"
#include "ae/core/error.hpp"

/// Samples that might as well have been among the data.
namespace ae {

/// Pictures that are mirrored left to right, one in two: columns of rows of `width` values.
struct MirrorPictures {
  Index width = 32;

  /// Throws OptionError for a width below 1.
  void require_valid() const {
    require<OptionError>(width > 0, "mirroring: expected a width of at least 1, found ", width);
  }

  template <class X>
  void augment(X&& x, const Random& random, std::uint64_t index) const {
    require<ShapeError>(x.rows() % width == 0, "mirroring: expected pictures whose rows have ",
                        width, " values, found pictures of ", x.rows());
    for (Index i = 0; i < x.cols(); ++i) {
      if (random.bits(index + static_cast<std::uint64_t>(i * x.rows())) % 2) continue;
      for (Index row = 0; row < x.rows(); row += width) {
        x.col(i).segment(row, width).reverseInPlace();
      }
    }
  }
};

}  // namespace ae
