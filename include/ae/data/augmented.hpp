#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// Every sample of a source several times, each changed by an augmentation: what training sees, as
/// a source of its own, for PCA for instance. It refers to the source, which must live as long.
/// ~~~{.cpp}
/// const auto train = ae::cifar10::map("all.bin").grayscale();
/// const ae::Augmented seen(train, ae::RandomFlipAndShift{.shift = 2}, 10);  // each ten times
/// const auto pca = ae::Pca<float>::fit(seen, 150);
/// ~~~
template <detail::Sized Data, Augmentation Part>
class Augmented {
 public:
  /// Throws OptionError for fewer than one copy, or a part with a number outside its range.
  Augmented(const Data& data, const Part& part, Index copies, std::uint64_t seed = 0)
      : data_(data), part_(part), copies_(copies), random_(seed, Purpose::augment) {
    detail::require<OptionError>(copies > 0, "augmented: expected at least 1 copy, found ", copies);
    if constexpr (requires { part.require_valid(); }) part.require_valid();
  }

  Index features() const { return data_.features(); }
  Index samples() const { return copies_ * data_.samples(); }

  template <class Scalar>
  requires Source<Data, Scalar>
  void read(std::span<const Index> picks, MatrixRef<Scalar> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      const Index sample = picks[i] / copies_;
      MatrixRef<Scalar> column = x.col(static_cast<Index>(i));
      data_.read(std::span<const Index>(&sample, 1), column);
      part_.augment(column, random_, static_cast<std::uint64_t>(picks[i] * features()));
    }
  }

 private:
  const Data& data_;
  Part part_;
  Index copies_;
  Random random_;
};

}  // namespace ae::inline AE_ABI
