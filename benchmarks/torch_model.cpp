#include "torch_model.hpp"

#include <torch/torch.h>

#include "support/blas.hpp"

namespace bench {

namespace {

/// A view: features x samples by columns is samples x features by rows.
torch::Tensor view(const Matrix& x) {
  return torch::from_blob(const_cast<float*>(x.data()), {x.cols(), x.rows()});
}

torch::nn::Sequential make_network(const Parameters& start) {
  torch::nn::Sequential network;
  for (std::size_t i = 0; i < start.weights.size(); ++i) {
    const Matrix by_rows = start.weights[i].transpose();
    torch::nn::Linear linear(by_rows.rows(), by_rows.cols());
    linear->weight.set_data(view(by_rows).clone());
    linear->bias.set_data(view(start.biases[i]).reshape(-1).clone());
    network->push_back(linear);
    if (i + 1 < start.weights.size()) network->push_back(torch::nn::ELU());
  }
  return network;
}

/// Two groups, as biases are left out of the decay.
std::unique_ptr<torch::optim::Adam> make_adam(const torch::nn::Sequential& network) {
  std::vector<torch::Tensor> weights, biases;
  for (const auto& parameter : network->named_parameters()) {
    const bool bias = parameter.key().find("bias") != std::string::npos;
    (bias ? biases : weights).push_back(parameter.value());
  }
  const auto options = [](double decay) {
    return std::make_unique<torch::optim::AdamOptions>(
        torch::optim::AdamOptions(rate).weight_decay(decay));
  };
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(weights, options(l2));
  groups.emplace_back(biases, options(0));
  return std::make_unique<torch::optim::Adam>(groups, torch::optim::AdamOptions(rate));
}

}  // namespace

struct TorchModel::Parts {
  torch::nn::Sequential network;
  std::unique_ptr<torch::optim::Adam> adam;
};

TorchModel::TorchModel(const Parameters& start) : parts_(std::make_shared<Parts>()) {
  parts_->network = make_network(start);
  parts_->adam = make_adam(parts_->network);
}

double TorchModel::step(const Matrix& x) {
  const torch::Tensor target = view(x);
  parts_->network->zero_grad(true);  // sets to none: a little faster
  torch::Tensor loss = torch::mse_loss(parts_->network->forward(target), target);
  loss.backward();
  parts_->adam->step();
  return loss.item<double>();
}

void TorchModel::forward(const Matrix& x) const {
  const c10::InferenceMode no_gradients;
  parts_->network->forward(view(x));
}

Matrix TorchModel::reconstruct(const Matrix& x) const {
  const c10::InferenceMode no_gradients;
  const torch::Tensor y = parts_->network->forward(view(x)).contiguous();
  return Eigen::Map<const Matrix>(y.data_ptr<float>(), x.rows(), x.cols());
}

void TorchModel::set_threads(int threads) {
  at::set_num_threads(threads);
}

std::string TorchModel::version() {
  const auto blas = open_openblas();  // the same library that libtorch has opened, if it has
  return std::string(TORCH_VERSION) + (blas ? ", on " + blas->version : "");
}

}  // namespace bench
