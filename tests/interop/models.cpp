#include <cmath>
#include <cstdlib>
#include <iostream>

#include "ae/autoencoder.hpp"
#include "ae/data/cifar.hpp"
#include "ae/data/npy.hpp"
#include "ae/io/export_header.hpp"
#include "ae/io/model_file.hpp"
#include "ae/io/onnx.hpp"
#include "ae/models/variational.hpp"
#include "ae/tools/anomaly.hpp"

// models FOLDER: writes models in every form, each beside 1,000 samples, their codes, their
// reconstructions and their scores, for others to hold what they make of the model against.

namespace {

namespace fs = std::filesystem;
using ae::Index;
using ae::Matrix;

template <class Scalar>
Matrix<Scalar> drawn(Index features, Index samples) {
  const ae::Random random(1, ae::Purpose::draw);
  return Matrix<Scalar>::NullaryExpr(features, samples, [&](Index row, Index col) {
    return static_cast<Scalar>(random.uniform(static_cast<std::uint64_t>(row + col * features)) *
                               255);
  });
}

/// Real ones where the folder of CIFAR-10 is known, else drawn.
Matrix<float> pictures() {
  const char* const folder = std::getenv("AE_CIFAR10_DIR");
  if (folder == nullptr || *folder == '\0') return drawn<float>(1024, 1000);
  const auto horses = ae::cifar10::read_folder(folder).test.only(ae::cifar10::horse).grayscale();
  Matrix<float> x(horses.features(), horses.samples());
  std::vector<Index> picks;
  for (Index i = 0; i < horses.samples(); ++i) picks.push_back(i);
  horses.read<float>(picks, x);
  return x;
}

/// Biases that differ, as those of a trained model do.
template <class Model>
void set_biases(Model& model) {
  auto network = model.network();
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [](auto& layer) {
      using Vector = ae::Vector<typename Model::Scalar>;
      layer.set_bias(Vector::LinSpaced(layer.outputs(), -1, 1));
    });
  }
  model.set_network(network);
}

template <class Model, class Scalar>
void write(const fs::path& path, Model model, const Matrix<Scalar>& x) {
  const auto file = [&](const char* ending) { return fs::path(path).concat(ending); };
  set_biases(model);
  const ae::Vector<double> scores = ae::score(model, x);
  model.set_threshold(ae::quantile(scores, 0.9005));  // between two of them
  const Matrix<Scalar> code = model.encode(x);
  ae::npy::write(x, file(".input.npy"));
  ae::npy::write(code, file(".code.npy"));
  ae::npy::write(model.decode(code), file(".reconstruction.npy"));
  ae::npy::write(scores, file(".score.npy"));
  ae::save(model, file(".safetensors"));
  ae::export_onnx(model, file(".whole.onnx"));
  ae::export_onnx(model, file(".encoder.onnx"), ae::ModelPart::encoder);
  ae::export_onnx(model, file(".decoder.onnx"), ae::ModelPart::decoder);
  ae::export_header(model, file(".hpp"));
}

template <class Hidden>
void write_small(const fs::path& folder) {
  const Matrix<float> x = drawn<float>(20, 1000);
  ae::StackedAutoencoder<float, ae::Stack<float, Hidden>> model({20, 40, 5}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  write(folder / ae::detail::text("hidden_", Hidden::name), model, x);
}

void write_all(const fs::path& folder) {
  write_small<ae::Identity>(folder);
  write_small<ae::Elu>(folder);
  write_small<ae::Selu>(folder);
  write_small<ae::Relu>(folder);
  write_small<ae::LeakyRelu>(folder);
  write_small<ae::Sigmoid>(folder);
  write_small<ae::Tanh>(folder);
  write_small<ae::Softplus>(folder);
  write_small<ae::Gelu>(folder);
  write_small<ae::Silu>(folder);

  Matrix<float> columns = drawn<float>(20, 1000);
  columns.array().colwise() *= Eigen::ArrayXf::LinSpaced(20, -3, 3).exp();
  ae::StackedAutoencoder<float> table({20, 40, 5}, 1);
  table.set_scaler(ae::Scaler<float>::fit(columns, ae::Scaling::standard));
  write(folder / "per_feature", table, columns);
  for (ae::Index i = 0; i < 1000; i += 3) columns(i % 20, i) = std::nanf("");
  table.set_scaler(ae::Scaler<float>::fit(columns, ae::Scaling::robust, ae::Missing::allowed));
  write(folder / "missing", table, columns);

  const Matrix<double> unscaled = drawn<double>(20, 1000) / 255;
  write(folder / "finer", ae::StackedAutoencoder<double>({20, 40, 5}, 1), unscaled);
  write(folder / "variational",
        ae::VariationalAutoencoder<double, ae::BernoulliLikelihood>({20, 40, 5}), unscaled);
  ae::export_onnx(ae::StackedAutoencoder({20, 40, 5}), folder / "no_threshold.onnx");
  ae::export_header(ae::StackedAutoencoder({20, 40, 5}), folder / "half.hpp",
                    ae::ModelPart::encoder);
  ae::export_header(ae::StackedAutoencoder({20, 40, 5}), folder / "other.hpp",
                    ae::ModelPart::decoder, "second");

  ae::StackedAutoencoder<double> logits({20, 40, 5}, 1);
  logits.set_link(ae::Link::logistic);
  write(folder / "logits", logits, unscaled);

  const Matrix<float> x = pictures();
  ae::StackedAutoencoder<float> horses({1024, 300, 150}, 1);
  horses.set_scaler(ae::Scaler<float>::fit(x));
  write(folder / "horses", horses, x);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: models FOLDER\n";
    return 2;
  }
  try {
    fs::create_directories(argv[1]);
    write_all(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
