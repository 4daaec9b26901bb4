#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/core/padded_matrix.hpp"
#include "ae/layers/dense.hpp"

namespace ae::inline AE_ABI::detail {

/// A layer with batch normalisation as a fit sees it, on one thread: normalised by the batch's mean
/// and variance, feature by feature. Keeps what the way back needs.
template <class Layer>
class BatchNormTraining {
 public:
  using Scalar = typename Layer::Scalar;

 private:
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;
  using Epilogue = linalg::EpilogueRef<Scalar>;
  using Epilogues = FunctionRef<Epilogue(Index parameter)>;

 public:
  static constexpr Index parameters = Layer::parameters;
  static constexpr bool needs_pre_activation = Layer::needs_pre_activation;
  static constexpr Index least_batch = 2;

  /// The layer must live as long.
  explicit BatchNormTraining(Layer& layer) : layer_(&layer) {}

  Index inputs() const { return layer_->inputs(); }
  Index outputs() const { return layer_->outputs(); }
  std::string_view name() const { return layer_->name(); }
  Parameter<Scalar> parameter(Index index) { return layer_->parameter(index); }
  Parameter<const Scalar> parameter(Index index) const {
    return std::as_const(*layer_).parameter(index);
  }

  /// Throws ShapeError for a batch of one sample, whose normalised values would all be 0.
  void forward(Product<Scalar>& product, ConstView x, View y, View z,
               const Epilogue& finish) const {
    require<ShapeError>(x.cols() >= least_batch, "batch normalisation: expected batches of at ",
                        "least ", least_batch, " samples in training, found ", x.cols());
    normalised_.resize(outputs(), x.cols());
    auto u = linalg::view(normalised_.view());
    product(u, layer_->weight(), x, Epilogue());
    const auto samples = static_cast<Scalar>(x.cols());
    mean_ = u.rowwise().sum() / samples;
    for (Index j = 0; j < u.cols(); ++j) u.col(j) -= mean_;
    variance_ = u.rowwise().squaredNorm() / samples;
    const auto epsilon = static_cast<Scalar>(layer_->options().epsilon);
    per_deviation_ = (variance_.array() + epsilon).rsqrt();
    for (Index j = 0; j < u.cols(); ++j) {
      u.col(j).array() *= per_deviation_.array();
      y.col(j) = layer_->gamma().cwiseProduct(u.col(j)) + layer_->beta();
      if (z.rows() > 0) z.col(j) = y.col(j);
      y.col(j).array() = layer_->activation().value(y.col(j).array());
    }
    finish(y, {0, y.rows()}, {0, y.cols()});
  }

  void differentiate(View delta, ConstView kept) const { layer_->differentiate(delta, kept); }

  void backward_input(Product<Scalar>& product, ConstView dz, View dx,
                      const Epilogue& finish) const {
    differentiate_normalisation(dz);
    product(dx, layer_->weight().transpose(), linalg::const_view(du_.view()), finish);
  }

  /// Here a step has begun: the running statistics follow those of the batch, whose variance is
  /// multiplied by n / (n - 1), as in line 10 of algorithm 2.
  void backward_parameters(Product<Scalar>& product, ConstView x, ConstView dz,
                           Epilogues epilogues) const {
    differentiate_normalisation(dz);
    product.tiles(linalg::const_view(du_.view()), x.transpose(), epilogues(0));
    epilogues(1)(linalg::view(by_beta_), {0, outputs()}, {0, 1});
    epilogues(2)(linalg::view(by_gamma_), {0, outputs()}, {0, 1});
    const auto samples = static_cast<Scalar>(dz.cols());
    const auto share = static_cast<Scalar>(layer_->options().momentum);
    auto mean = layer_->parameter(3).value, variance = layer_->parameter(4).value;
    mean += share * (mean_ - mean);
    variance += share * (samples / (samples - 1) * variance_ - variance);
  }

 private:
  /// dL/du, dL/dbeta and dL/dgamma of dL/dz, by the equations of section 3, the first two of which
  /// are put into the third.
  void differentiate_normalisation(ConstView dz) const {
    const auto normalised = linalg::const_view(normalised_.view());
    by_beta_ = dz.rowwise().sum();
    by_gamma_ = dz.cwiseProduct(normalised).rowwise().sum();
    const auto samples = static_cast<Scalar>(dz.cols());
    du_.resize(dz.rows(), dz.cols());
    auto du = du_.view();
    for (Index j = 0; j < dz.cols(); ++j) {
      du.col(j) =
          layer_->gamma()
              .cwiseProduct(per_deviation_)
              .cwiseProduct(dz.col(j) -
                            (by_beta_ + normalised.col(j).cwiseProduct(by_gamma_)) / samples);
    }
  }

  Layer* layer_;
  // Of the latest batch.
  mutable PaddedMatrix<Scalar> normalised_, du_;  // outputs x batch
  mutable Vector<Scalar> mean_, variance_, per_deviation_, by_beta_, by_gamma_;
};

}  // namespace ae::inline AE_ABI::detail
