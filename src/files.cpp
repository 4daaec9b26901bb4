#include "ae/detail/core/file-inl.hpp"
#include "ae/detail/core/require-inl.hpp"
#include "ae/detail/io/checkpoint_state-inl.hpp"
#include "ae/detail/io/description-inl.hpp"
#include "ae/detail/io/description_checks-inl.hpp"
#include "ae/detail/io/json-inl.hpp"
#include "ae/detail/io/json_events-inl.hpp"
#include "ae/detail/io/named_tensors-inl.hpp"
#include "ae/detail/io/safetensors-inl.hpp"
#include "ae/detail/io/safetensors_header-inl.hpp"
#include "ae/detail/io/tensor-inl.hpp"
#include "ae/detail/io/tensor_view-inl.hpp"

template <>
const char ae::detail::ThisLibrary::here = 1;
