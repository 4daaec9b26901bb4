#pragma once

#include <cmath>

#include "horse_network.hpp"

/// The same network as a competent user of Eigen would write it: every buffer allocated once, every
/// product `noalias`, every elementwise formula one expression.
namespace bench {

class PlainEigen {
 public:
  PlainEigen(Parameters start, Index batch) : layers_(start.weights.size()) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      layer.weight = std::move(start.weights[i]);
      layer.bias = std::move(start.biases[i]);
      for (Matrix* m : {&layer.gradient, &layer.first, &layer.second}) {
        m->setZero(layer.weight.rows(), layer.weight.cols());
      }
      for (Vector* v : {&layer.bias_gradient, &layer.bias_first, &layer.bias_second}) {
        v->setZero(layer.bias.size());
      }
      layer.output.resize(layer.bias.size(), batch);
      layer.delta.resize(layer.bias.size(), batch);
    }
  }

  /// x (1024 x batch) to its reconstruction.
  const Matrix& forward(const Matrix& x) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      layer.output.noalias() = layer.weight * input(i, x);
      layer.output.colwise() += layer.bias;
      if (i + 1 < layers_.size()) {
        auto y = layer.output.array();
        y = (y > 0).select(y, y.exp() - 1);
      }
    }
    return layers_.back().output;
  }

  /// One step of Adam on the mean squared error plus L2; returns the error before it.
  double step(const Matrix& x) {
    Matrix& delta = layers_.back().delta;
    delta.noalias() = forward(x) - x;
    const double loss = static_cast<double>(delta.squaredNorm()) / static_cast<double>(x.size());
    delta *= 2 / static_cast<float>(x.size());
    for (std::size_t i = layers_.size(); i-- > 0;) {
      Layer& layer = layers_[i];
      if (i > 0) backward_delta(layer, layers_[i - 1]);
      layer.gradient.noalias() = layer.delta * input(i, x).transpose();
      layer.bias_gradient.noalias() = layer.delta.rowwise().sum();
    }
    adam();
    return loss;
  }

 private:
  struct Layer {
    Matrix weight, gradient, first, second, output, delta;
    Vector bias, bias_gradient, bias_first, bias_second;
  };

  const Matrix& input(std::size_t i, const Matrix& x) const {
    return i == 0 ? x : layers_[i - 1].output;
  }

  static void backward_delta(const Layer& layer, Layer& below) {
    below.delta.noalias() = layer.weight.transpose() * layer.delta;
    below.delta.array() *= below.output.array().min(0.0F) + 1.0F;
  }

  void adam() {
    ++steps_;
    for (Layer& layer : layers_) {
      layer.gradient += static_cast<float>(l2) * layer.weight;
      adam(layer.weight, layer.gradient, layer.first, layer.second);
      adam(layer.bias, layer.bias_gradient, layer.bias_first, layer.bias_second);
    }
  }

  void adam(auto& weight, const auto& gradient, auto& first, auto& second) const {
    const float scale = static_cast<float>(rate / (1 - std::pow(0.9, steps_)));
    const float correction = static_cast<float>(1 / (1 - std::pow(0.999, steps_)));
    first = 0.9F * first + 0.1F * gradient;
    second = 0.999F * second + 0.001F * gradient.cwiseAbs2();
    weight.array() -= scale * first.array() / ((correction * second.array()).sqrt() + 1e-8F);
  }

  std::vector<Layer> layers_;
  int steps_ = 0;
};

}  // namespace bench
