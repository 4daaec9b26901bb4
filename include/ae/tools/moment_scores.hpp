#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>

#include "ae/data/windows.hpp"
#include "ae/detail/tools/residuals.hpp"

namespace ae::inline AE_ABI {

/// The score of each moment of a series: the mean squared error of its features that are there,
/// averaged over the windows that cover it. Each window counts with its error at this moment, so a
/// spike does not spread over all windows that hold it, as it does with `moment_means` of their
/// scores. In squared units of the data, or scaled ones where the model's scaler has a divisor for
/// each feature. NaN where no window covers a moment (see `Windows::moment_means`), or nothing of
/// it is there. Throws ShapeError for windows of another width than the model's, and DataError for
/// values that are not finite, unless they are missing ones.
/// ~~~{.cpp}
/// const ae::Windows windows(series, {.length = 50});
/// const ae::Vector<double> scores = ae::moment_scores(model, windows);  // one a moment
/// ~~~
template <class Model, class Scalar>
Vector<double> moment_scores(const Model& model, const Windows<Scalar>& windows) {
  const Index features = windows.features() / windows.length();
  Vector<double> sums = Vector<double>::Zero(windows.moments()), counts = sums;
  detail::for_each_residuals(
      model, windows, "moment scores", [&](const Matrix<double>& found, Index first) {
        for (Index j = 0; j < found.cols(); ++j) {
          const Eigen::ArrayXXd squares =
              found.col(j).reshaped(features, windows.length()).array().square();
          const auto there = (!squares.isNaN()).colwise().count().template cast<double>();
          const Eigen::ArrayXXd known = squares.isNaN().select(0.0, squares);
          const Index start = windows.start(first + j);
          sums.segment(start, windows.length()) += known.colwise().sum().transpose().matrix();
          counts.segment(start, windows.length()) += there.transpose().matrix();
        }
      });
  return sums.array() / counts.array();  // 0 / 0 where there is none
}

}  // namespace ae::inline AE_ABI
