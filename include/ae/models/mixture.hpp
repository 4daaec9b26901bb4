#pragma once

#include "ae/detail/core/abi.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/models/gaussian.hpp"

namespace ae::inline AE_ABI {

/// How a `GaussianMixture` is fitted.
struct MixtureOptions {
  Index components = 1;
  std::uint64_t seed = 0;
  Index iterations = 200;   ///< of EM, at most
  double tolerance = 1e-6;  ///< EM ends when the mean log-likelihood rises by less (nats a sample)
  double floor = 1e-6;      ///< least variance in a direction, relative to the mean of the features
};

/// A mixture of Gaussians with full covariances: the density of an autoencoder's codes, drawn from
/// to make new samples.
/// ~~~{.cpp}
/// const auto codes = ae::GaussianMixture<>::fit(model.encode(x), {.components = 10});
/// const ae::Matrix<float> made = model.decode(codes.sample(16, seed));
/// ~~~
/// Bishop, "Pattern recognition and machine learning", 2006, section 9.2. All is computed in
/// double.
template <class Scalar = float>
class GaussianMixture {
 public:
  /// To codes (code size x samples), by expectation and maximisation: eq. 9.23 to 9.27 there, which
  /// never lower the likelihood; nor does the floor, the least eigenvalue of a covariance
  /// (Ingrassia and Rocci, Computational Statistics & Data Analysis 51, 2007). The means begin at
  /// codes far apart (Arthur and Vassilvitskii, "k-means++", SODA 2007), the covariances at that of
  /// all codes. Throws ShapeError for fewer than two samples a component; OptionError for an option
  /// out of its range, a code that is not finite, or codes that are all the same.
  static GaussianMixture fit(const ConstMatrixRef<Scalar>& codes,
                             const MixtureOptions& options = {}) {
    check(codes, options);
    return GaussianMixture(codes.template cast<double>(), options);
  }

  Index code_size() const { return parts_.front().mean.size(); }
  Index components() const { return weights_.size(); }

  /// The share of every component in the codes; their sum is 1.
  const Eigen::RowVectorXd& weights() const { return weights_; }

  /// Throws ShapeError where there is none.
  const Gaussian& component(Index k) const {
    detail::require<ShapeError>(k >= 0 && k < components(),
                                "mixture: expected a component from 0 to ", components() - 1,
                                ", found ", k);
    return parts_[static_cast<std::size_t>(k)];
  }

  /// The mean log-likelihood of a code (nats) before each iteration. It holds as many numbers as
  /// `iterations` if EM did not come to rest.
  const std::vector<double>& history() const { return history_; }

  /// n codes (code size x n); of the same seed, the first of them are the same for any n. Throws
  /// OptionError for n below 0.
  Matrix<Scalar> sample(Index n, std::uint64_t seed = 0) const {
    detail::require<OptionError>(n >= 0, "mixture: expected a number of samples from 0, found ", n);
    const Random choice(seed, Purpose::draw, 0), random(seed, Purpose::draw, 1);
    Matrix<Scalar> result(code_size(), n);
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::uint64_t>(i);
      const Gaussian& from = component(draw(weights_, choice.uniform(at)));
      result.col(i) = from.sample(random, at).template cast<Scalar>();
    }
    return result;
  }

  /// The log-likelihood of every code (nats), of codes (code size x samples). Throws ShapeError.
  Vector<double> log_likelihood(const ConstMatrixRef<Scalar>& codes) const {
    detail::require_rows(codes, code_size(), "mixture");
    return log_sums(log_densities(codes.template cast<double>())).transpose();
  }

 private:
  using Row = Eigen::RowVectorXd;

  GaussianMixture(const Matrix<double>& codes, const MixtureOptions& options) {
    const Vector<double> mean = codes.rowwise().mean();
    const double variance = (codes.colwise() - mean).array().square().mean();
    detail::require<OptionError>(std::sqrt(variance) > 1e-12 * mean.cwiseAbs().maxCoeff(),
                                 "mixture: expected codes that differ, found all the same");
    const double floor = options.floor * variance;
    start(codes, options, floor);
    double before = -std::numeric_limits<double>::infinity();
    while (static_cast<Index>(history_.size()) < options.iterations) {
      history_.push_back(improve(codes, floor));
      if (history_.back() - before < options.tolerance) break;
      before = history_.back();
    }
  }

  static void check(const ConstMatrixRef<Scalar>& codes, const MixtureOptions& options) {
    detail::require<OptionError>(options.components > 0,
                                 "mixture: expected at least one component, found ",
                                 options.components);
    detail::require<OptionError>(options.iterations > 0,
                                 "mixture: expected at least one iteration, found ",
                                 options.iterations);
    detail::require<OptionError>(options.tolerance >= 0,
                                 "mixture: expected a tolerance of at least 0, found ",
                                 options.tolerance);
    detail::require<OptionError>(options.floor > 0 && options.floor <= 1,
                                 "mixture: expected a floor above 0 and up to 1, found ",
                                 options.floor);
    detail::require<ShapeError>(codes.rows() > 0 && codes.cols() >= 2 * options.components,
                                "mixture: expected codes of at least ", 2 * options.components,
                                " samples for ", options.components, " components, found ",
                                detail::shape(codes.rows(), codes.cols()));
    for (Index col = 0; col < codes.cols(); ++col) {
      for (Index row = 0; row < codes.rows(); ++row) {
        detail::require<OptionError>(std::isfinite(codes(row, col)),
                                     "mixture: expected finite codes, found ", codes(row, col),
                                     " in row ", row, ", column ", col);
      }
    }
  }

  /// One component for all codes, or components whose means are codes far apart: each is drawn with
  /// a probability in proportion to its squared distance from the nearest that was drawn before.
  void start(const Matrix<double>& codes, const MixtureOptions& options, double floor) {
    const Row everywhere = Row::Ones(codes.cols());
    parts_.assign(static_cast<std::size_t>(options.components),
                  Gaussian::fit(codes, everywhere, floor));
    weights_.setConstant(options.components, 1 / static_cast<double>(options.components));
    if (options.components == 1) return;
    const Random random(options.seed, Purpose::initialise);
    Row distances = everywhere;
    for (std::size_t k = 0; k < parts_.size(); ++k) {
      const Index next = draw(distances, random.uniform(k));
      parts_[k].mean = codes.col(next);
      const Row found = (codes.colwise() - codes.col(next)).colwise().squaredNorm();
      distances = k == 0 ? found : distances.cwiseMin(found);
    }
  }

  /// An index, with a probability in proportion to its entry; u is uniform on [0, 1).
  static Index draw(const Row& proportions, double u) {
    double left = u * proportions.sum();
    Index at = 0;
    while (at + 1 < proportions.size() && left >= proportions[at]) left -= proportions[at++];
    return at;
  }

  /// One iteration; the mean log-likelihood before it. A component without a share stays as it is.
  double improve(const Matrix<double>& codes, double floor) {
    const Matrix<double> densities = log_densities(codes);
    const Row sums = log_sums(densities);
    const Matrix<double> shares = (densities.rowwise() - sums).array().exp();
    for (Index k = 0; k < components(); ++k) {
      const double count = shares.row(k).sum();
      weights_[k] = count / static_cast<double>(codes.cols());
      if (count < 1e-100) continue;
      parts_[static_cast<std::size_t>(k)] = Gaussian::fit(codes, shares.row(k), floor);
    }
    return sums.mean();
  }

  /// log(weight) + log(density) of every code under every component (components x samples).
  Matrix<double> log_densities(const Matrix<double>& codes) const {
    Matrix<double> result(components(), codes.cols());
    for (Index k = 0; k < components(); ++k) {
      result.row(k) = component(k).log_density(codes).array() + std::log(weights_[k]);
    }
    return result;
  }

  /// log(sum(exp)) of every column, without overflow.
  static Row log_sums(const Matrix<double>& x) {
    const Row most = x.colwise().maxCoeff();
    return most.array() + (x.rowwise() - most).array().exp().colwise().sum().log();
  }

  std::vector<Gaussian> parts_;
  Row weights_;
  std::vector<double> history_;
};

}  // namespace ae::inline AE_ABI
