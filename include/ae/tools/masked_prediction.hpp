#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <span>
#include <vector>

#include "ae/detail/core/ceil_div.hpp"
#include "ae/detail/core/require.hpp"
#include "ae/detail/core/team.hpp"
#include "ae/detail/layers/layer_ref.hpp"
#include "ae/detail/models/dense_layers.hpp"

namespace ae::inline AE_ABI {

namespace detail {

/// The numbers of the features: each is a group of its own.
inline std::vector<Index> each_alone(Index features) {
  std::vector<Index> groups(static_cast<std::size_t>(features));
  std::iota(groups.begin(), groups.end(), Index{0});
  return groups;
}

/// Changes the groups that features belong to, to masks that these share, at most so many, and
/// returns how many there are. Throws ShapeError and OptionError.
inline Index share_masks(std::vector<Index>& groups, Index features, Index most) {
  require<ShapeError>(static_cast<Index>(groups.size()) == features,
                      "predict_masked: expected a group for each of ", features,
                      " features, found ", groups.size());
  const auto [least, last] = std::minmax_element(groups.begin(), groups.end());
  require<OptionError>(*least >= 0, "predict_masked: expected groups from 0 on, found ", *least);
  const Index masks = std::min(most, *last + 1);
  for (Index& group : groups) group %= masks;
  return masks;
}

/// What a network of dense layers makes of samples to which one mask after the other is
/// applied: its features are set to 0. The product of the first layer is corrected by the masked
/// columns of its weight instead of computed again, and of the last layer only the masked features
/// are computed.
template <class Network>
class MaskedPass {
 public:
  using Scalar = typename Network::Scalar;

  /// Feature i is hidden by mask mask_of[i], from 0 to masks - 1. Both must live as long.
  MaskedPass(const Network& network, std::span<const Index> mask_of, Index masks)
      : network_(network), mask_of_(mask_of), masks_(masks) {
    append_layers(network, layers_);
    outputs_.resize(layers_.size());
    network.visit(network.size() - 1, [&](const auto& last) {
      last_weight_ = last.weight().transpose();
      last_bias_ = last.bias();
    });
  }

  /// x and y (features x samples): y(i, j) is what comes out for feature i of sample j where its
  /// mask is applied.
  void operator()(const ConstMatrixRef<Scalar>& x, MatrixRef<Scalar> y) {
    enter(x);
    for (std::size_t i = 1; i + 1 < layers_.size(); ++i) {
      outputs_[i].resize(layers_[i].outputs, outputs_[i - 1].cols());
      layers_[i].forward(product_, linalg::const_view(outputs_[i - 1]), linalg::view(outputs_[i]),
                         linalg::no_view<Scalar>(), {});
    }
    const Matrix<Scalar>& hidden = outputs_[layers_.size() - 2];
    for (Index j = 0; j < x.cols(); ++j) {
      for (Index i = 0; i < x.rows(); ++i) {
        y(i, j) = last_weight_.col(i).dot(hidden.col(column(i, j))) + last_bias_[i];
      }
    }
    network_.visit(network_.size() - 1,
                   [&](const auto& last) { y = last.activation().value(y.array()); });
  }

 private:
  /// Where sample j lies with the mask of feature i applied.
  Index column(Index i, Index j) const {
    return j * masks_ + mask_of_[static_cast<std::size_t>(i)];
  }

  /// The outputs of the first layer: a column for each mask of each sample.
  void enter(const ConstMatrixRef<Scalar>& x) {
    network_.visit(0, [&](const auto& first) {
      const auto& weight = first.weight();
      Matrix<Scalar>& h = outputs_[0];
      all_.resize(weight.rows(), x.cols());
      product_(linalg::view(all_), linalg::const_view(weight), linalg::const_view(x), {});
      all_.colwise() += first.bias();
      h.resize(weight.rows(), x.cols() * masks_);
      for (Index j = 0; j < x.cols(); ++j) {
        h.middleCols(j * masks_, masks_).colwise() = all_.col(j);
        for (Index i = 0; i < x.rows(); ++i) {
          h.col(column(i, j)) -= x(i, j) * weight.col(i);
        }
      }
      h = first.activation().value(h.array());
    });
  }

  const Network& network_;
  std::span<const Index> mask_of_;
  Index masks_;
  std::vector<LayerRef<Scalar>> layers_;
  Matrix<Scalar> last_weight_;  // inputs x outputs
  Vector<Scalar> last_bias_;
  Product<Scalar> product_;
  Matrix<Scalar> all_;                   // of the first layer, nothing masked and not activated
  std::vector<Matrix<Scalar>> outputs_;  // of each layer but the last
};

}  // namespace detail

/// Each value of samples that the network sees (features x samples, in the units of the network) as
/// the network expects it from the others: every feature is masked in turn, by at most so many
/// masks. Features of one group, such as those of a categorical column, are masked together:
/// feature i belongs to group groups[i], counted from 0 (features). For a model that was
/// trained with `Masking`. Germain et al. ("MADE", ICML 2015) predict each feature from others
/// likewise, by masks on weights. Throws ShapeError for samples of another width, or not as many
/// groups as features, and OptionError for fewer than two masks or a negative group.
/// ~~~{.cpp}
/// const std::vector<ae::Index> groups = {0, 1, 2, 2, 2};  // the last three are of one column
/// const ae::Matrix<float> expected = ae::predict_masked(model, x, groups);
/// ~~~
template <detail::HasLayers Model>
Matrix<typename Model::Scalar> predict_masked(const Model& model,
                                              const ConstMatrixRef<typename Model::Scalar>& x,
                                              std::span<const Index> groups,
                                              Index most_masks = 32) {
  using Scalar = typename Model::Scalar;
  detail::require_rows(x, model.features(), "predict_masked");
  detail::require<OptionError>(most_masks > 1, "predict_masked: expected at least 2 masks, found ",
                               most_masks);
  std::vector<Index> mask_of(groups.begin(), groups.end());
  const Index masks = detail::share_masks(mask_of, model.features(), most_masks);
  const Index few = std::max<Index>(1, 256 / masks);
  Matrix<Scalar> y(x.rows(), x.cols());
  std::atomic<Index> next = 0;
  detail::with_helpers(detail::threads_for_pieces(detail::ceil_div(x.cols(), few)), [&](int) {
    detail::MaskedPass pass(model.network(), std::span<const Index>(mask_of), masks);
    for (Index first; (first = next.fetch_add(few)) < x.cols();) {
      const Index count = std::min(few, x.cols() - first);
      pass(x.middleCols(first, count), y.middleCols(first, count));
    }
  });
  return y;
}

/// The same where each feature is a group of its own.
template <detail::HasLayers Model>
Matrix<typename Model::Scalar> predict_masked(const Model& model,
                                              const ConstMatrixRef<typename Model::Scalar>& x,
                                              Index most_masks = 32) {
  return predict_masked(model, x, detail::each_alone(model.features()), most_masks);
}

}  // namespace ae::inline AE_ABI
