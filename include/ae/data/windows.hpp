#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/data/window_starts.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// A matrix that can be looked at where it lies: no sum or product, which would have to be
/// computed.
template <class Derived>
concept InMemory = (Derived::Flags & Eigen::DirectAccessBit) != 0;

}  // namespace detail

/// Which windows of a series are samples.
struct WindowOptions {
  Index length = 0;  ///< moments in a window, at least 1
  Index stride = 1;  ///< moments from the start of a window to that of the next
};

/// The windows of a time series (features x moments) as samples: a source, which reads them from
/// the series as it lies, so that overlapping windows take no memory. It refers to the series,
/// which must live as long.
/// ~~~{.cpp}
/// const ae::Windows windows(series, {.length = 50, .stride = 5});
/// model.fit(windows);
/// const ae::Vector<double> scores = ae::moment_scores(model, windows);
/// ~~~
/// A sample is one moment after the other: value t * (features of the series) + i is feature i of
/// the window's moment t. A NaN is handed on, for models that take it for a missing value; a window
/// with nothing but NaN is left out. What is a vector by its type is a series of one feature.
template <class Scalar>
class Windows {
 public:
  /// Of any matrix that lies in memory: blocks, rows, maps and transposes of one too. Throws
  /// OptionError for a length or a stride below 1, ShapeError for a series shorter than a window,
  /// DataError for one of which nothing is there.
  template <class Derived>
  requires detail::InMemory<Derived> Windows(const Eigen::MatrixBase<Derived>& series,
                                             const WindowOptions& options)
      : Windows(view(series.derived()), options, {count(series.derived())}) {}

  /// The moments are at these times (a vector of any kind and unit, which is not kept), and no
  /// window holds two neighbours that are further apart than the largest step: a gap. Windows begin
  /// anew behind each gap. Throws as the other; ShapeError for another number of times, OptionError
  /// unless the step is above 0, and DataError for a time that is not finite or falls.
  template <class Derived, class Times>
  requires detail::InMemory<Derived> Windows(const Eigen::MatrixBase<Derived>& series,
                                             const WindowOptions& options, const Times& times,
                                             double largest_step)
      : Windows(view(series.derived()), options,
                detail::ends_of_pieces(times, count(series.derived()), largest_step)) {}

  /// A matrix that would be gone.
  template <class Derived>
  Windows(const Eigen::PlainObjectBase<Derived>&&, const WindowOptions&) = delete;
  template <class Derived, class Times>
  Windows(const Eigen::PlainObjectBase<Derived>&&, const WindowOptions&, const Times&,
          double) = delete;

  Index features() const { return series_.rows() * length(); }
  Index samples() const { return starts_.size(); }
  Index length() const { return options_.length; }
  Index moments() const { return series_.cols(); }

  /// The first moment of a window.
  Index start(Index sample) const { return starts_[sample]; }

  /// The picked windows as columns of x (features x picks).
  template <class To>
  void read(std::span<const Index> picks, MatrixRef<To> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      Eigen::Map<Matrix<To>> window(x.col(static_cast<Index>(i)).data(), series_.rows(), length());
      window = series_.middleCols(start(picks[i]), length()).template cast<To>();
    }
  }

  /// All windows (features x samples), copied.
  template <class To = Scalar>
  Matrix<To> matrix() const {
    std::vector<Index> all(static_cast<std::size_t>(samples()));
    std::iota(all.begin(), all.end(), Index{0});
    Matrix<To> x(features(), samples());
    read<To>(all, x);
    return x;
  }

  /// From a number for each window, such as its score, one for each moment: the mean over the
  /// windows that cover it. NaN where none does: in a piece shorter than a window, behind the last
  /// whole stride of a piece, where nothing is there for longer than a window. Throws ShapeError
  /// for another number of values.
  Vector<double> moment_means(const Vector<double>& values) const {
    detail::require<ShapeError>(values.size() == samples(),
                                "windows: expected a value for each of ", samples(),
                                " windows, found ", values.size());
    Vector<double> sums = Vector<double>::Zero(moments()), counts = sums;
    for (Index sample = 0; sample < samples(); ++sample) {
      sums.segment(start(sample), length()).array() += values[sample];
      counts.segment(start(sample), length()).array() += 1;
    }
    return sums.array() / counts.array();  // 0 / 0 where there is none
  }

 private:
  using View = Eigen::Map<const Matrix<Scalar>, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

  Windows(View series, const WindowOptions& options, const std::vector<Index>& ends)
      : series_(series),
        options_(valid(options)),
        starts_(ends, length(), options.stride,
                [&](Index moment) { return !series_.col(moment).array().isNaN().all(); }) {
    Index longest = 0, first = 0;
    for (const Index end : ends) longest = std::max(longest, end - std::exchange(first, end));
    detail::require<ShapeError>(series_.rows() > 0 && longest >= length(),
                                "windows: expected a series with a piece without gaps of at least ",
                                length(), " moments, found one of ", longest, " in ",
                                detail::shape(series_.rows(), moments()), " (features x moments)");
    detail::require<DataError>(samples() > 0, "windows: expected a window with a value, found nan ",
                               "in all of ", moments(), " moments");
  }

  static const WindowOptions& valid(const WindowOptions& options) {
    detail::require<OptionError>(
        options.length > 0, "windows: expected a length of at least 1, found ", options.length);
    detail::require<OptionError>(
        options.stride > 0, "windows: expected a stride of at least 1, found ", options.stride);
    return options;
  }

  template <class Derived>
  static constexpr bool is_column = Derived::ColsAtCompileTime == 1;

  template <class Derived>
  static Index count(const Derived& series) {
    return is_column<Derived> ? series.rows() : series.cols();
  }

  template <class Derived>
  static View view(const Derived& series) {
    if constexpr (is_column<Derived>) {
      return {series.data(), 1, series.rows(), {series.rowStride(), 1}};
    } else {
      return {
          series.data(), series.rows(), series.cols(), {series.colStride(), series.rowStride()}};
    }
  }

  View series_;
  WindowOptions options_;
  detail::WindowStarts starts_;
};

template <class Derived>
Windows(const Eigen::MatrixBase<Derived>&, const WindowOptions&)
    -> Windows<typename Derived::Scalar>;
template <class Derived, class Times>
Windows(const Eigen::MatrixBase<Derived>&, const WindowOptions&, const Times&, double)
    -> Windows<typename Derived::Scalar>;

}  // namespace ae::inline AE_ABI
