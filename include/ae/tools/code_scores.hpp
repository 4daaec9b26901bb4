#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "ae/core/concepts.hpp"
#include "ae/data/batch_sampler.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/detail/tools/residuals.hpp"
#include "ae/models/mixture.hpp"
#include "ae/tools/nearest_neighbors.hpp"

/// Scores of codes: a sample may be given back well and still have a code as no normal sample has
/// it. Models are `StackedAutoencoder`, `VariationalAutoencoder` (whose codes are then means), and
/// any type with `Scalar`, `features()`, `encode(x)` and `reconstruct(x)`.
namespace ae::inline AE_ABI {

/// Scores by how unlikely a code is under a mixture of Gaussians that was fitted to clean codes:
/// minus its log-likelihood, in nats. Zong et al., "Deep autoencoding Gaussian mixture model for
/// unsupervised anomaly detection", ICLR 2018, section 3.3, where net and mixture learn together.
/// ~~~{.cpp}
/// const auto unlikely = ae::CodeLikelihoodScore::fit(model, normal, {.components = 4});
/// const ae::Vector<double> scores = unlikely.score(model, x);
/// ~~~
class CodeLikelihoodScore {
 public:
  explicit CodeLikelihoodScore(GaussianMixture<double> mixture) : mixture_(std::move(mixture)) {}

  /// To clean samples, those of the training as well, a matrix (features x samples) or a source.
  /// Throws ShapeError for samples of another width than the model's, or none, DataError for values
  /// that are not finite or a sample without a value, and as `GaussianMixture::fit`.
  template <class Model, Samples<typename Model::Scalar> Data>
  static CodeLikelihoodScore fit(const Model& model, const Data& clean,
                                 const MixtureOptions& options = {}) {
    return CodeLikelihoodScore(
        GaussianMixture<double>::fit(detail::codes(model, clean, name), options));
  }

  const GaussianMixture<double>& mixture() const { return mixture_; }

  /// The score of each sample of a matrix (features x samples) or a source. Throws ShapeError and
  /// DataError as `fit`, and ShapeError for codes of another size.
  template <class Model, Samples<typename Model::Scalar> Data>
  Vector<double> score(const Model& model, const Data& data) const {
    return detail::infinite_if_nan(-mixture_.log_likelihood(detail::codes(model, data, name)));
  }

 private:
  static constexpr const char* name = "code likelihood score";

  GaussianMixture<double> mixture_;
};

/// How `CodeDistanceScore` measures.
struct CodeDistanceOptions {
  Index neighbor = 5;         ///< whose distance is the score
  Index most_codes = 20'000;  ///< that are kept; of more clean samples, so many are drawn
  std::uint64_t seed = 0;
};

/// Scores by how far a code is from those of clean samples: the distance to the fifth nearest, in
/// units of the code.
/// ~~~{.cpp}
/// const auto distance = ae::CodeDistanceScore::fit(model, normal);
/// const ae::Vector<double> scores = distance.score(model, x);
/// ~~~
class CodeDistanceScore {
 public:
  /// To clean samples, those of the training as well, a matrix (features x samples) or a source.
  /// Throws ShapeError for samples of another width than the model's, or none, DataError for values
  /// that are not finite or a sample without a value, and OptionError unless the neighbor is from 1
  /// to the number of codes that are kept.
  template <class Model, Samples<typename Model::Scalar> Data>
  static CodeDistanceScore fit(const Model& model, const Data& clean,
                               const CodeDistanceOptions& options = {}) {
    const auto& source = detail::as_source(clean);
    detail::require_samples(source, model.features(), name);
    detail::require<OptionError>(options.most_codes > 0, name,
                                 ": expected at least 1 code to keep, found ", options.most_codes);
    std::vector<Index> order(static_cast<std::size_t>(source.samples()));
    std::iota(order.begin(), order.end(), Index{0});
    if (source.samples() > options.most_codes) {
      shuffle(order, Random(options.seed, Purpose::split));
      order.resize(static_cast<std::size_t>(options.most_codes));
    }
    const auto kept = static_cast<Index>(order.size());
    detail::require<OptionError>(options.neighbor > 0 && options.neighbor <= kept, name,
                                 ": expected a neighbor from 1 to ", kept,
                                 ", the number of clean codes, found ", options.neighbor);
    Matrix<double> codes = detail::codes(model, detail::Subset(source, std::move(order)), name);
    detail::require_finite_chunk<double>(codes, 0, false, "code distance score, codes");
    return {std::move(codes), options.neighbor};
  }

  /// (code size x clean samples).
  const Matrix<double>& codes() const { return clean_.samples(); }

  /// The score of each sample of a matrix (features x samples) or a source. Throws ShapeError and
  /// DataError as `fit`, and ShapeError for codes of another size.
  template <class Model, Samples<typename Model::Scalar> Data>
  Vector<double> score(const Model& model, const Data& data) const {
    return detail::infinite_if_nan(clean_.distances(detail::codes(model, data, name), neighbor_));
  }

 private:
  static constexpr const char* name = "code distance score";

  CodeDistanceScore(Matrix<double> codes, Index neighbor)
      : clean_(std::move(codes)), neighbor_(neighbor) {}

  NearestNeighbors<double> clean_;
  Index neighbor_;
};

}  // namespace ae::inline AE_ABI
