#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/io/description.hpp"

/// What a file says of a model, held against a model.
namespace ae::inline AE_ABI::detail {

/// Throws FileError unless a file is of a model like the expected one: of the same layers, code
/// layer and kind of likelihood.
void require_like(const ModelDescription& expected, const ModelDescription& found,
                  const std::string& where);

/// Throws FileError unless the probe's reconstruction is finite.
void require_finite(const ModelDescription& model, const std::string& where);

/// Throws FileError unless the model makes of the file's probe what the one that was saved made of
/// it, up to this tolerance, relative to the largest value.
void require_probe(const ModelDescription& file, const std::vector<double>& found, double tolerance,
                   const std::string& where);

/// The sizes from the input to the code. Throws FileError, also if they ask for more weights than
/// there are bytes of them.
std::vector<Index> sizes_of(const ModelDescription& file, std::uint64_t bytes,
                            const std::string& where);

/// The same from the code to the output.
std::vector<Index> decoder_sizes_of(const ModelDescription& file, std::uint64_t bytes,
                                    const std::string& where);

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/io/description_checks-inl.hpp"
#endif
