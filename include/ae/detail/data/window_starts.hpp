#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <vector>

#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail {

/// How much later `time` is than `before`, which it must not precede: of whole numbers, such as
/// nanoseconds since 1970, without a rounding.
template <class Time>
double time_step(Time before, Time time) {
  if constexpr (std::integral<Time>) {
    return static_cast<double>(static_cast<std::uint64_t>(time) -
                               static_cast<std::uint64_t>(before));
  } else {
    return static_cast<double>(time - before);
  }
}

/// The ends of the pieces into which gaps cut a series: the numbers of the moments behind them.
/// Throws what `Windows` says of times.
template <class Times>
std::vector<Index> ends_of_pieces(const Times& times, Index moments, double largest_step) {
  const auto count = static_cast<Index>(times.size());
  require<ShapeError>(count == moments, "windows: expected a time for each of ", moments,
                      " moments, found ", count);
  require<OptionError>(largest_step > 0, "windows: expected a largest step above 0, found ",
                       largest_step);
  std::vector<Index> ends;
  Index moment = 0;
  auto before = times.begin();
  for (auto time = times.begin(); time != times.end(); ++time, ++moment) {
    require<DataError>(std::isfinite(static_cast<double>(*time)),
                       "windows: expected finite times, found ", *time, " at moment ", moment);
    require<DataError>(*before <= *time, "windows: expected times that never fall, found ", *time,
                       " after ", *before, " at moment ", moment);
    if (time_step(*before, *time) > largest_step) ends.push_back(moment);
    before = time;
  }
  ends.push_back(moments);
  return ends;
}

/// Where windows start: numbers that rise by the stride, in as many runs as gaps make.
class WindowStarts {
 public:
  /// Of windows that lie within pieces and hold a moment of which something is there, as
  /// `there(moment)` tells.
  template <class There>
  WindowStarts(const std::vector<Index>& ends, Index length, Index stride, const There& there)
      : stride_(stride) {
    Index first = 0;
    for (const Index end : ends) {
      Index next = first;  // moment of the piece of which something is there
      bool goes_on = false;
      for (Index start = first; end - start >= length; start += std::min(stride, end - start)) {
        next = std::max(next, start);
        while (next < end && !there(next)) ++next;
        const bool is_sample = next - start < length;
        if (is_sample && !goes_on) runs_.push_back({start, size_});
        size_ += is_sample;
        goes_on = is_sample;
      }
      first = end;
    }
  }

  Index size() const { return size_; }

  Index operator[](Index sample) const {
    const auto run =
        std::upper_bound(runs_.begin(), runs_.end(), sample,
                         [](Index number, const Run& other) { return number < other.before; }) -
        1;
    return run->start + (sample - run->before) * stride_;
  }

 private:
  struct Run {
    Index start, before;  ///< of its first window; how many windows lie before it
  };

  Index stride_;
  Index size_ = 0;
  std::vector<Run> runs_;
};

}  // namespace ae::inline AE_ABI::detail
