#pragma once

#include "ae/detail/core/abi.hpp"

namespace ae::inline AE_ABI {

/// What of an autoencoder is exported, or laid out for inference. The encoder scales its input, and
/// the decoder gives its output in the units of the data.
/// ~~~{.cpp}
/// ae::export_onnx(model, "encoder.onnx", ae::ModelPart::encoder);
/// ~~~
enum class ModelPart { whole, encoder, decoder };

}  // namespace ae::inline AE_ABI
