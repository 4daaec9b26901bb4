#pragma once

#include "ae/detail/core/abi.hpp"

#include <string>
#include <vector>

#include "ae/detail/core/require.hpp"
#include "ae/detail/io/layer_name.hpp"
#include "ae/io/safetensors.hpp"

namespace ae::inline AE_ABI::detail {

/// A layer's parameters as ae has them, whatever their type and layout in the file.
struct DenseWeights {
  std::string name;
  Matrix<double> weight;  ///< outputs x inputs
  Vector<double> bias;    ///< outputs
  LayerName::Half half;   ///< as far as the name tells
};

/// Where a layer's parameters lie in a file, by the names of tensors.
struct DenseLayer {
  std::string name, weight, bias, norm;  // norm: the prefix of the tensors of one that is folded
  bool transposed = false;
  std::vector<DenseLayer> below = {};  // whose outputs follow those of this one
  bool ends_encoder = false;           // whatever its name
};

/// Reads the numbers of layers.
class DenseLayerReader {
 public:
  DenseLayerReader(const SafeTensors& file, const std::string& where)
      : file_(file), where_(where) {}

  /// The numbers of a layer, its batch normalisation folded into them, over those of the layers
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
    }
    return all;
  }

 private:
  DenseWeights read_one(const DenseLayer& layer) const {
    DenseWeights all{layer.name, matrix(layer.weight), {}, LayerName(layer.name).half};
    if (layer.transposed) all.weight = Matrix<double>(all.weight.transpose());
    all.bias = vector(layer.bias, all.weight.rows(), 0);
    if (layer.norm.empty()) return all;
    constexpr double epsilon = 1e-5;  // PyTorch's, which its files do not tell
    const Index rows = all.weight.rows();
    const Vector<double> scale =
        vector(layer.norm + ".weight", rows, 1).array() /
        (vector(layer.norm + ".running_var", rows, 1).array() + epsilon).sqrt();
    all.weight = scale.asDiagonal() * all.weight;
    all.bias = scale.cwiseProduct(all.bias - vector(layer.norm + ".running_mean", rows, 0)) +
               vector(layer.norm + ".bias", rows, 0);
    return all;
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
