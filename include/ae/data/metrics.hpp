#pragma once

#include "ae/detail/core/abi.hpp"

#include <array>
#include <cmath>

#include "ae/detail/core/require_range.hpp"

/// How near pictures come to others, one number a sample. The field's figure for a set is the mean
/// of these numbers, `psnr(x, y, 255).mean()`: a set's PSNR is the mean of the pictures' PSNR, not
/// the PSNR of their mean error, which is lower wherever the pictures differ in difficulty.
///
/// All take x and y (features x samples) and throw ShapeError unless both have the same shape, with
/// at least one sample. A value that is not a number stays visible.
namespace ae::inline AE_ABI {

namespace detail {

/// The window of SSIM: a Gaussian of deviation 1.5 on 11 values, of sum 1.
inline constexpr Index ssim_window = 11;

inline std::array<double, ssim_window> ssim_weights() {
  constexpr Index centre = ssim_window / 2;
  std::array<double, ssim_window> weights;
  double sum = 0;
  for (Index i = 0; i < ssim_window; ++i) {
    const auto from_centre = static_cast<double>(i - centre);
    sum += weights[static_cast<std::size_t>(i)] = std::exp(-from_centre * from_centre / (2 * 2.25));
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// The weighted mean in every window that fits: (rows x cols) to (rows - 10 x cols - 10).
inline Eigen::ArrayXXd window_means(const Eigen::ArrayXXd& x) {
  const auto weights = ssim_weights();
  const Index rows = x.rows() - ssim_window + 1, cols = x.cols() - ssim_window + 1;
  Eigen::ArrayXXd down = Eigen::ArrayXXd::Zero(rows, x.cols());
  Eigen::ArrayXXd both = Eigen::ArrayXXd::Zero(rows, cols);
  Index first = 0;
  for (const double weight : weights) down += weight * x.middleRows(first++, rows);
  first = 0;
  for (const double weight : weights) both += weight * down.middleCols(first++, cols);
  return both;
}

/// Eq. 13 in every window, and the mean of that, eq. 17.
inline double ssim_of(const Eigen::ArrayXXd& x, const Eigen::ArrayXXd& y, double peak) {
  const double c1 = 0.01 * peak * 0.01 * peak, c2 = 0.03 * peak * 0.03 * peak;
  const Eigen::ArrayXXd mean_x = window_means(x), mean_y = window_means(y);
  const Eigen::ArrayXXd variances =
      window_means(x.square() + y.square()) - mean_x.square() - mean_y.square();
  const Eigen::ArrayXXd covariance = window_means(x * y) - mean_x * mean_y;
  return ((2 * mean_x * mean_y + c1) * (2 * covariance + c2) /
          ((mean_x.square() + mean_y.square() + c1) * (variances + c2)))
      .mean();
}

template <class X, class Y>
void require_comparable(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<Y>& y,
                        const char* who) {
  detail::require<ShapeError>(x.rows() == y.rows() && x.cols() == y.cols(), who,
                              ": expected two matrices of one shape, found ",
                              detail::shape(x.rows(), x.cols()), " and ",
                              detail::shape(y.rows(), y.cols()));
  detail::require<ShapeError>(x.size() > 0, who, ": expected at least one sample, found ",
                              detail::shape(x.rows(), x.cols()));
}

}  // namespace detail

/// The mean squared error of every sample, in squared units of the data.
/// ~~~{.cpp}
/// const ae::Vector<double> errors = ae::mse(held_out, model.reconstruct(held_out));
/// ~~~
template <class X, class Y>
Vector<double> mse(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<Y>& y) {
  detail::require_comparable(x, y, "mse");
  return (x.template cast<double>() - y.template cast<double>())
             .colwise()
             .squaredNorm()
             .transpose() /
         static_cast<double>(x.rows());
}

/// The peak signal-to-noise ratio of every sample, 10 log10(peak^2 / mse) in decibels; infinite for
/// a sample that is given back exactly. `peak` is the largest value that a feature can have: 255
/// for bytes, 1 for values up to 1. Throws OptionError unless it is above 0.
/// ~~~{.cpp}
/// const double decibels = ae::psnr(pictures, model.reconstruct(pictures), 255).mean();
/// ~~~
template <class X, class Y>
Vector<double> psnr(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<Y>& y, double peak) {
  detail::require_above_zero(peak, "psnr", "a peak");
  detail::require_comparable(x, y, "psnr");
  return 10 * (peak * peak / mse(x, y).array()).log10();
}

/// The structural similarity of every sample, at most 1: the mean over all windows of 11 x 11 that
/// fit, weighted by a Gaussian of deviation 1.5, with K1 = 0.01 and K2 = 0.03. A sample is one
/// plane of so many values a row, row by row; of a colour picture give its planes one by one
/// (`x.middleRows`). `peak` as for `psnr`. Wang, Bovik, Sheikh and Simoncelli, "Image quality
/// assessment: from error visibility to structural similarity", IEEE Transactions on Image
/// Processing 13, 2004, section III. Throws ShapeError unless the width divides the features and a
/// window fits, OptionError for the peak.
/// ~~~{.cpp}
/// const double similarity = ae::ssim(pictures, model.reconstruct(pictures), 32, 255).mean();
/// ~~~
template <class X, class Y>
Vector<double> ssim(const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<Y>& y, Index width,
                    double peak) {
  detail::require_above_zero(peak, "ssim", "a peak");
  detail::require_comparable(x, y, "ssim");
  detail::require<ShapeError>(width > 0 && x.rows() % width == 0,
                              "ssim: expected a width that divides ", x.rows(), " features, found ",
                              width);
  const Index height = x.rows() / width;
  detail::require<ShapeError>(width >= detail::ssim_window && height >= detail::ssim_window,
                              "ssim: expected pictures of at least 11 x 11, found ",
                              detail::shape(width, height));
  const auto picture = [&](const auto& samples, Index i) -> Eigen::ArrayXXd {
    return samples.col(i).template cast<double>().reshaped(width, height);
  };
  Vector<double> result(x.cols());
  for (Index i = 0; i < x.cols(); ++i) {
    result[i] = detail::ssim_of(picture(x, i), picture(y, i), peak);
  }
  return result;
}

}  // namespace ae::inline AE_ABI
