#include <cstdio>
#include <fstream>
#include <iostream>

#include "ae/autoencoder.hpp"
#include "ae/data/ranking.hpp"
#include "ae/io/export_header.hpp"
#include "ae/io/export_int8_header.hpp"
#include "ae/tools/anomaly.hpp"
#include "numbers.hpp"

// models FOLDER [--train]: writes models as headers with weights of 8 bits, and what they have to
// make of samples into expected.txt. With --train it says instead what 8 bits cost a model that has
// learnt something.

namespace {

namespace fs = std::filesystem;
using ae::Index;
using ae::Int8Header;
using ae::Matrix;
using ae::ModelPart;
using ae::Vector;
template <class Hidden>
using Model = ae::StackedAutoencoder<float, ae::Stack<float, Hidden>>;

/// The network of MLPerf Tiny's anomaly detection. Banbury et al., "MLPerf Tiny Benchmark", NeurIPS
/// Datasets and Benchmarks 2021, section 4.
const std::vector<Index> anomaly_detection = {640, 128, 128, 128, 128, 8};

/// Weights and biases that are the same on every processor, as those of `ae::Random` are not in the
/// last bit: the emulator counts some instructions more or less for other numbers.
void set_numbers(auto& model) {
  const auto drawn = [](unsigned sample, Index rows, Index cols) {
    Matrix<float> all(rows, cols);
    numbers::draw(sample, all.data(), static_cast<std::size_t>(all.size()));
    return all;
  };
  for (Index i = 0; i < model.network().size(); ++i) {
    model.network().visit(i, [&](const auto& layer) {
      const Index rows = layer.outputs(), cols = layer.weight().cols();
      const float limit = std::sqrt(6 / static_cast<float>(cols));  // He's, for ReLU
      model.set_weight(i, limit * drawn(0, rows, cols));
      model.set_bias(i, 0.5F * drawn(1, rows, 1));
    });
  }
}

class Writer {
 public:
  explicit Writer(fs::path folder)
      : folder_(std::move(folder)), expected_(folder_ / "expected.txt") {}

  template <class M>
  void write(const std::string& name, M& model, Int8Header options = {}) {
    set_numbers(model);
    const Matrix<float> x = Matrix<float>::Random(model.features(), 20);
    ae::export_header(model, folder_ / (name + ".hpp"), options, x);
    if (name == "tanh_plain") return;  // whose numbers are the library's
    const ae::detail::Int8Network<M> network(model, options.part, options.table, name);
    if (options.part == ModelPart::decoder) {
      return show(name + " reconstruction", model.code_size(),
                  [&](const Vector<float>& code) { return network.decode(code); });
    }
    show(name + " code", model.features(),
         [&](const Vector<float>& sample) { return network.encode(sample); });
    if (options.part == ModelPart::encoder) return;
    const auto reconstruct = [&](const Vector<float>& sample) {
      return network.decode(network.encode(sample));
    };
    show(name + " reconstruction", model.features(), reconstruct);
    show(name + " score", model.features(), [&](const Vector<float>& sample) {
      return Vector<double>(Vector<double>::Constant(
          1, ae::detail::sample_score<float>(model.scaler(), sample, reconstruct(sample))));
    });
  }

 private:
  void show(const std::string& what, Index inputs, const auto& f) {
    for (unsigned sample = 0; sample < numbers::samples; ++sample) {
      Vector<float> x(inputs);
      numbers::draw(sample, x.data(), static_cast<std::size_t>(inputs));
      const auto y = f(x);
      numbers::show(what.c_str(), sample, y.data(), static_cast<std::size_t>(y.size()),
                    [&](const char* text) { expected_ << text; });
    }
  }

  fs::path folder_;
  std::ofstream expected_;
};

void write_all(const fs::path& folder) {
  Writer writer(folder);
  Model<ae::Relu> network(anomaly_detection, 1);
  writer.write("ad", network);
  ae::export_header(network, folder / "ad_float.hpp");

  const ae::Scaler<float> scaler(Vector<float>::LinSpaced(21, -1, 1),
                                 Vector<float>::LinSpaced(21, 0.1F, 3));
  Model<ae::Tanh> tables({21, 14, 3}, 1);
  tables.set_scaler(scaler);
  tables.set_threshold(0.5);
  writer.write("tables", tables, {.table = 1024});
  writer.write("tanh_plain", tables);

  Model<ae::Elu> missing({10, 9, 4, 2}, 1);
  auto fills = ae::Scaler<float>(Vector<float>::LinSpaced(10, 0, 2), 0.3F);
  fills.set_missing(ae::Missing::allowed);
  missing.set_scaler(fills);
  writer.write("missing", missing, {.table = 100});

  Model<ae::Gelu> logits({6, 5, 1}, 1);
  logits.set_link(ae::Link::logistic);
  writer.write("logits", logits, {.table = 256});

  Model<ae::LeakyRelu> halves({12, 7, 5}, 1);
  writer.write("encoder", halves, {.part = ModelPart::encoder});
  writer.write("decoder", halves, {.part = ModelPart::decoder});
}

/// Five spectra of a drawn machine, 128 bands each: three hums that come and go, and noise. Odd
/// ones have a fourth.
Matrix<float> spectra(Index samples, std::uint64_t seed, bool odd) {
  const ae::Random random(seed, ae::Purpose::draw);
  std::uint64_t count = 0;
  Matrix<float> x(640, samples);
  for (Index j = 0; j < samples; ++j) {
    x.col(j) = Vector<float>::NullaryExpr(640, [&] { return float(0.1 * random.normal(count++)); });
    for (int hum = 0; hum < (odd ? 4 : 3); ++hum) {
      const double at = 20 + 25 * hum + 5 * random.uniform(count++),
                   phase = random.uniform(count++);
      for (Index i = 0; i < 640; ++i) {
        const double distance = (static_cast<double>(i % 128) - at) / 4;
        const double strength =
            (hum == 3 ? 0.5 : 1) * (1 + std::sin(6.3 * phase + static_cast<double>(i / 128)));
        x(i, j) += static_cast<float>(strength * std::exp(-distance * distance));
      }
    }
  }
  return x;
}

/// Prints a table of what 8 bits cost a model that tells clean spectra from odd ones.
void train(const fs::path& folder) {
  using M = Model<ae::Relu>;
  M model(anomaly_detection, 3);  // no unit of its code dies, as those of ReLU do with some seeds
  model.fit(
      spectra(2000, 1, false),
      {.epochs = 100, .batch_size = 50, .learning_rate = 1e-3, .scaling = ae::Scaling::common});
  const Matrix<float> clean = spectra(500, 2, false), odd = spectra(500, 3, true);
  ae::calibrate(model, clean, 0.99);
  const auto cost = ae::export_header(model, folder / "trained.hpp", Int8Header{}, clean);
  const auto cost_of_odd = ae::export_header(model, folder / "trained.hpp", Int8Header{}, odd);
  const ae::detail::Int8Network<M> network(model, ModelPart::whole, 0, "");
  const auto scores = [&](const Matrix<float>& x) {
    Vector<double> all(x.cols());
    for (Index j = 0; j < x.cols(); ++j) {
      const Vector<float> sample = x.col(j);
      all[j] = ae::detail::sample_score<float>(model.scaler(), sample,
                                               network.decode(network.encode(sample)));
    }
    return all;
  };
  std::printf("| | float | 8 bits |\n| --- | ---: | ---: |\n");
  std::printf("| mean squared error of clean spectra | %.5f | %.5f |\n", cost.model_mse,
              cost.header_mse);
  std::printf("| area under the ROC curve | %.4f | %.4f |\n",
              ae::area_under_curve(ae::score(model, clean), ae::score(model, odd)),
              ae::area_under_curve(scores(clean), scores(odd)));
  std::printf("| decisions of 1000 that differ | | %d |\n",
              static_cast<int>(cost.changed + cost_of_odd.changed));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: models FOLDER [--train]\n";
    return 2;
  }
  try {
    fs::create_directories(argv[1]);
    if (argc > 2) {
      train(argv[1]);
    } else {
      write_all(argv[1]);
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
