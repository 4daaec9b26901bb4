#pragma once

#include "ae/detail/core/abi.hpp"

#include <string>
#include <vector>

#include "ae/detail/io/dense_layers.hpp"

/// The dense layers in a safetensors file that another library wrote.
namespace ae::inline AE_ABI::detail {

/// The layers of a file from the input to the output: those of these names, or all. `shapes` are
/// those of the weights of the model that they are for; none: they only have to follow each other.
/// Throws FileError, which lists what the file holds, where they are not all there, or their order
/// cannot be known.
std::vector<DenseWeights> dense_weights(const SafeTensors& file,
                                        const std::vector<std::string>& names,
                                        const std::vector<Shape>& shapes, const std::string& where,
                                        const NormRules& rules = {});

/// How many of the layers are the encoder's: what their names say, else the half of layers that
/// mirror each other, else those up to the narrowest. Throws FileError where none of these tells.
std::size_t encoder_layers(const std::vector<DenseWeights>& layers, const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/dense_weights-inl.hpp"
#endif
