#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>
#include <string>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/io/layer_name.hpp"
#include "ae/detail/io/normalization.hpp"
#include "ae/detail/layers/normalization.hpp"
#include "ae/io/safetensors.hpp"

namespace ae::inline AE_ABI::detail {

/// A layer's parameters as ae has them, whatever their type and layout in the file.
struct DenseWeights {
  std::string name;
  Matrix<double> weight;                 ///< outputs x inputs
  Vector<double> bias;                   ///< outputs
  LayerName::Half half;                  ///< as far as the name tells
  std::vector<std::string> folded = {};  ///< the batch normalisations that are in these numbers
};

/// Where a layer's parameters lie in a file, by the names of tensors.
struct DenseLayer {
  std::string name, weight, bias;
  bool transposed = false;
  std::optional<BatchNormTensors> behind = {}, in_front = {};  // of what it gives, and takes
  std::vector<DenseLayer> below = {};  // whose outputs follow those of this one
  bool ends_encoder = false;           // whatever its name
};

/// Reads the numbers of layers.
class DenseLayerReader {
 public:
  DenseLayerReader(const SafeTensors& file, const std::string& where)
      : file_(file), where_(where) {}

  /// The numbers of a layer, its batch normalisations folded into them, over those of the layers
  /// below it. Throws FileError for types or sizes that do not fit, and for numbers that are not
  /// finite.
  DenseWeights read(const DenseLayer& layer) const {
    DenseWeights all = read_one(layer);
    for (const DenseLayer& next : layer.below) {
      const DenseWeights more = read_one(next);
      require<FileError>(more.weight.cols() == all.weight.cols(), where_, ": expected \"",
                         shown(next.name), "\" to take the ", all.weight.cols(), " numbers that \"",
                         shown(layer.name), "\" takes, found ", more.weight.cols());
      const Matrix<double> weight = all.weight;
      const Vector<double> bias = all.bias;
      all.weight.resize(weight.rows() + more.weight.rows(), weight.cols());
      all.weight << weight, more.weight;
      all.bias.resize(all.weight.rows());
      all.bias << bias, more.bias;
      all.folded.insert(all.folded.end(), more.folded.begin(), more.folded.end());
    }
    if (layer.in_front) {
      normalization(*layer.in_front, all.weight.cols()).fold_in_front(all.weight, all.bias);
      all.folded.push_back(layer.in_front->name);
    }
    return all;
  }

 private:
  DenseWeights read_one(const DenseLayer& layer) const {
    DenseWeights all{layer.name, matrix(layer.weight), {}, LayerName(layer.name).half};
    if (layer.transposed) all.weight = Matrix<double>(all.weight.transpose());
    all.bias = vector(layer.bias, all.weight.rows(), 0);
    if (layer.behind) {
      normalization(*layer.behind, all.weight.rows()).fold_behind(all.weight, all.bias);
      all.folded.push_back(layer.behind->name);
    }
    return all;
  }

  Normalization<double> normalization(const BatchNormTensors& norm, Index size) const {
    const Vector<double> variance = vector(norm.variance, size, 1);
    require<FileError>(variance.minCoeff() >= 0, tensor_place(where_, norm.variance),
                       ": expected variances of at least 0, found ", variance.minCoeff());
    return {vector(norm.gamma, size, 1), vector(norm.beta, size, 0), vector(norm.mean, size, 0),
            variance, norm.epsilon};
  }

  Matrix<double> matrix(const std::string& name) const {
    const std::string place = tensor_place(where_, name);
    Matrix<double> values = to_matrix<double>(file_.tensors.find(name)->second, place);
    require<FileError>(values.size() > 0, place, ": expected numbers, found none");
    require<FileError>(values.allFinite(), place, ": expected finite numbers, found others");
    return values;
  }

  Vector<double> vector(const std::string& name, Index size, double otherwise) const {
    if (!file_.tensors.contains(name)) return Vector<double>::Constant(size, otherwise);
    const Matrix<double> values = matrix(name);
    require<FileError>(values.rows() == size && values.cols() == 1, tensor_place(where_, name),
                       ": expected ", size, " numbers, found ",
                       ae::detail::shape(values.rows(), values.cols()));
    return values.col(0);
  }

  const SafeTensors& file_;
  const std::string& where_;
};

}  // namespace ae::inline AE_ABI::detail
