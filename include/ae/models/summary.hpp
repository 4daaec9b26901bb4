#pragma once

#include "ae/detail/core/abi.hpp"

#include <iomanip>
#include <sstream>

#include "ae/detail/layers/per_parameter.hpp"

namespace ae::inline AE_ABI {

/// The layers of a model as a table: inputs, outputs, activation and parameters of each, and the
/// sum of these.
/// ~~~{.cpp}
/// std::cout << ae::summary(model);
/// ~~~
template <class Model>
std::string summary(const Model& model) {
  auto network = model.network();
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << std::left << std::setw(7) << "layer" << std::right << std::setw(10) << "inputs"
      << std::setw(10) << "outputs"
      << "  " << std::left << std::setw(12) << "activation" << std::right << std::setw(12)
      << "parameters" << '\n';
  Index all = 0;
  for (Index i = 0; i < network.size(); ++i) {
    Index count = 0;
    network.visit(i, [&](auto& layer) {
      for (Index p = 0; p < layer.parameters; ++p) count += layer.parameter(p).value.size();
      out << std::left << std::setw(7) << detail::text(i, i == model.code_layer() ? " code" : "")
          << std::right << std::setw(10) << layer.inputs() << std::setw(10) << layer.outputs()
          << "  " << std::left << std::setw(12) << layer.name() << std::right << std::setw(12)
          << count << '\n';
    });
    all += count;
  }
  out << std::left << std::setw(41) << "all" << std::right << std::setw(12) << all << '\n';
  return out.str();
}

}  // namespace ae::inline AE_ABI
