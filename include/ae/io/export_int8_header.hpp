#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <cmath>

#include "ae/detail/data/feature_statistics.hpp"
#include "ae/detail/io/cpp_int8.hpp"
#include "ae/detail/io/int8_network.hpp"
#include "ae/detail/models/sample_score.hpp"
#include "ae/linalg/weight_format.hpp"

/// A model as a C++17 header with weights of 8 bits, for small devices.
namespace ae::inline AE_ABI {

/// Asks `export_header` for weights of 8 bits.
/// ~~~{.cpp}
/// ae::export_header(model, "encoder.hpp", ae::Int8Header{.part = ae::ModelPart::encoder}, x);
/// ~~~
struct Int8Header {
  ModelPart part = ModelPart::whole;
  std::string name = {};  ///< of the namespace; by default the file's
  int table = 0;          ///< intervals of a table for each activation that calls `<cmath>`, over z
                          ///< from -8 to 8, 4 bytes each: 0 for none, else 2 to 65536
};

/// What 8 bits cost on some samples, as the header computes, beside the model in float; and how
/// many bytes of numbers it has.
/// ~~~{.cpp}
/// const ae::Int8Report cost = ae::export_header(model, "small.hpp", ae::Int8Header{}, held_out);
/// std::cout << cost.bytes << " bytes of numbers\n";
/// ~~~
struct Int8Report {
  double root_mean_square = 0;  ///< of the differences between what both give: reconstructions, in
                                ///< the units of the data; codes, of an encoder
  double largest = 0;           ///< of these differences, without their signs
  double model_mse = 0;         ///< mean squared error of the model's reconstructions, over the
                                ///< values that are there; 0 of an encoder
  double header_mse = 0;        ///< and of the header's
  Index changed = 0;            ///< samples on different sides of the threshold, if there is one
  std::size_t bytes = 0;        ///< weights, scales, biases, tables and the scaler's numbers
};

namespace detail {

/// Sums over samples what `Int8Report` says of them.
template <class Model>
class Int8Comparison {
 public:
  Int8Comparison(const Model& model, ModelPart part, const Int8Network<Model>& network)
      : model_(model), part_(part), network_(network) {}

  void add(const MatrixRef<float>& x, Index first) {
    const bool may_miss = model_.scaler().missing() == Missing::allowed;
    require_finite_chunk<float>(x, first, may_miss, "export_header");
    const Matrix<float> codes = model_.encode(x);
    const Matrix<float> expected =
        part_ == ModelPart::encoder ? codes : Matrix<float>(model_.decode(codes));
    for (Index j = 0; j < x.cols(); ++j) {
      const Vector<float> y = part_ == ModelPart::encoder ? network_.encode(x.col(j))
                              : part_ == ModelPart::decoder
                                  ? network_.decode(codes.col(j))
                                  : network_.decode(network_.encode(x.col(j)));
      add(x.col(j), expected.col(j), y);
    }
  }

  Int8Report report() const {
    Int8Report all = report_;
    all.root_mean_square = std::sqrt(squares_ / values_);
    if (there_ > 0) all.model_mse /= there_;
    if (there_ > 0) all.header_mse /= there_;
    return all;
  }

 private:
  using Column = Eigen::Ref<const Vector<float>>;

  void add(const Column& x, const Column& expected, const Vector<float>& y) {
    const Vector<double> difference = (y - expected).template cast<double>();
    squares_ += difference.squaredNorm();
    values_ += static_cast<double>(y.size());
    const double largest = difference.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>();
    if (!(largest <= report_.largest)) report_.largest = largest;
    if (part_ == ModelPart::encoder) return;
    report_.model_mse += squared_error(expected, x);
    report_.header_mse += squared_error(y, x);
    there_ += static_cast<double>(x.size() - x.array().isNaN().count());
    if (const auto threshold = model_.threshold(); threshold && part_ == ModelPart::whole) {
      const auto odd = [&](const Column& found) {
        return !(sample_score<float>(model_.scaler(), x, found) <= *threshold);
      };
      report_.changed += odd(expected) != odd(y);
    }
  }

  static double squared_error(const Column& found, const Column& x) {
    const Vector<double> all = (found - x).template cast<double>();
    return x.array().isNaN().select(0.0, all.array()).square().sum();
  }

  const Model& model_;
  ModelPart part_;
  const Int8Network<Model>& network_;
  Int8Report report_;
  double squares_ = 0, values_ = 0, there_ = 0;
};

/// The opening of the header, with what was found on so many samples.
inline std::string cpp_int8_opening(const Int8Report& report, Index samples, ModelPart part) {
  return text(
      "// An autoencoder, trained and written by ae, with weights of 8 bits. What its functions "
      "take\n"
      "// and give must not overlap; they allocate nothing. On ",
      samples, " samples, ", part == ModelPart::encoder ? "codes" : "reconstructions",
      " differ from\n// those of 32 bits by ", report.root_mean_square, " (root mean square), by ",
      report.largest, " at most.\n#pragma once\n\n", cpp_int8_includes());
}

/// The numbers and the functions of all layers; `bytes` become what the numbers take.
template <class Model>
std::string cpp_int8_layers(const Model& model, const Int8Network<Model>& network,
                            std::string& output, std::size_t& bytes) {
  CppActivations activations;
  std::string numbers, layers;
  Index most_inputs = 0;
  const auto inside = [&](const auto& activation) {
    return activations.of(activation.expression, activation.table);
  };
  for (const auto& [i, product, activation] : network.layers()) {
    most_inputs = std::max(most_inputs, product.padded_inputs());
    bytes += product.bytes();
    numbers += cpp_int8_numbers(i, product);
    layers +=
        text("inline void layer", i, "(const Scalar* x, Scalar* y) {\n  multiply(numbers", i,
             ", x, y);\n", cpp_replace(product.outputs(), "y[i]", inside(activation)), "}\n\n");
  }
  output = inside(network.output());
  bytes += activations.bytes() +
           sizeof(float) * static_cast<std::size_t>(model.scaler().center().size() +
                                                    model.scaler().divisors().size());
  return cpp_int8_functions(most_inputs) + numbers + cpp_scaler(model) + '\n' +
         activations.tables() + layers;
}

}  // namespace detail

/// A part of a model of float as the header of the other `export_header`, with the same functions,
/// and weights of 8 bits. What goes into a layer is rounded to whole numbers of up to 16 bits by
/// the largest of a sample, products are summed exactly in 32 bits, and no step depends on the
/// compiler or the processor: every one whose float is IEEE 754's gives the same bits, with or
/// without a floating-point unit. Only an activation that calls `<cmath>` is as the device's
/// library has it; with `table` it is a table, which needs no library, and for which the activation
/// must be finite far from zero. Processors with ARM's SIMD32 (Cortex-M4, M7, M33) multiply two
/// numbers at once. A value that is not finite makes all of the output NaN, and an anomaly.
/// ~~~{.cpp}
/// const auto cost =
///     ae::export_header(model, "small.hpp", ae::Int8Header{.table = 256}, held_out);
/// ~~~
/// Returns what that costs on samples (features x samples) or a source, through which the header's
/// arithmetic runs one by one, and writes it into the header's first lines; of a decoder, on the
/// codes of these samples. Jacob et al., "Quantization and training of neural networks for
/// efficient integer-arithmetic-only inference", CVPR 2018, section 2, without zero points, and
/// with inputs of 16 bits. Throws as the other one does, OptionError for a `table` out of range,
/// ShapeError for no samples or those of another width, and DataError for those that are not
/// finite, unless they are NaN and the model takes these as missing.
template <detail::HasLayers Model, Samples<float> Data>
Int8Report export_header(const Model& model, const std::filesystem::path& path,
                         const Int8Header& options, const Data& samples) {
  static_assert(Int8::keeps<typename Model::Scalar>,
                "export_header: weights of 8 bits need a model of float");
  const std::string name = detail::cpp_namespace(options.name, path);
  const bool valid = options.table == 0 || (options.table >= 2 && options.table <= 65536);
  detail::require<OptionError>(valid, "export_header, table: expected 0 or 2 to 65536, found ",
                               options.table);
  const auto& source = detail::as_source(samples);
  detail::require_samples(source, model.features(), "export_header");
  const detail::Int8Network<Model> network(model, options.part, options.table,
                                           detail::path_text(path));
  detail::Int8Comparison<Model> comparison(model, options.part, network);
  detail::for_each_chunk<float>(
      source, [&](const MatrixRef<float>& x, Index first) { comparison.add(x, first); });
  Int8Report report = comparison.report();
  std::string output;
  const std::string numbers = detail::cpp_int8_layers(model, network, output, report.bytes);
  const std::string opening = detail::cpp_int8_opening(report, source.samples(), options.part);
  write_file(detail::cpp_header(model, options.part, name, opening, numbers, output), path);
  return report;
}

}  // namespace ae::inline AE_ABI
