#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI {

/// Sources, one behind the other, as one: `ae::Joined(std::vector{ae::npy::map("a.npy"),
/// ae::npy::map("b.npy")})`.
/// ~~~{.cpp}
/// const ae::Joined days(std::vector{ae::npy::map("monday.npy"), ae::npy::map("tuesday.npy")});
/// model.fit(days);
/// ~~~
template <class Data>
class Joined {
 public:
  /// Throws ShapeError for no source, or one of other features than the first.
  explicit Joined(std::vector<Data> sources) : sources_(std::move(sources)) {
    detail::require<ShapeError>(!sources_.empty(),
                                "joined: expected at least one source, found none");
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      detail::require<ShapeError>(
          sources_[i].features() == features(), "joined: expected samples of ", features(),
          " values as in source 0, found ", sources_[i].features(), " in source ", i);
      ends_.push_back(samples() + sources_[i].samples());
    }
  }

  Index features() const { return sources_.front().features(); }
  Index samples() const { return ends_.empty() ? 0 : ends_.back(); }

  /// The picked samples as columns of x (features x picks).
  template <class Scalar>
  void read(std::span<const Index> picks, Eigen::Ref<Matrix<Scalar>> x) const {
    for_each_run(picks, [&](const Data& source, std::span<const Index> numbers, Index first) {
      Eigen::Ref<Matrix<Scalar>> part = x.middleCols(first, static_cast<Index>(numbers.size()));
      source.template read<Scalar>(numbers, part);
    });
  }

  /// Calls read_ahead(picks) of the sources that have it, each with its own picks.
  void read_ahead(std::span<const Index> picks) const {
    for_each_run(picks, [](const Data& source, std::span<const Index> numbers, Index) {
      if constexpr (requires { source.read_ahead(numbers); }) source.read_ahead(numbers);
    });
  }

 private:
  /// Splits the picks into runs of at most 64 neighbours from one source, and calls use(source,
  /// numbers of the samples in that source, index of the run's first pick).
  void for_each_run(std::span<const Index> picks, const auto& use) const {
    constexpr std::size_t most = 64;
    Index numbers[most];
    for (std::size_t first = 0; first < picks.size();) {
      const std::size_t source = source_of(picks[first]);
      std::size_t count = 0;
      while (count < most && first + count < picks.size() &&
             source_of(picks[first + count]) == source) {
        numbers[count] = picks[first + count] - begin(source);
        ++count;
      }
      use(sources_[source], std::span<const Index>(numbers, count), static_cast<Index>(first));
      first += count;
    }
  }

  std::size_t source_of(Index sample) const {
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), sample) -
                                    ends_.begin());
  }
  Index begin(std::size_t source) const { return source == 0 ? 0 : ends_[source - 1]; }

  std::vector<Data> sources_;
  std::vector<Index> ends_;
};

}  // namespace ae::inline AE_ABI
