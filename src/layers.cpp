#include "ae/detail/training/typed_parts.hpp"

#define AE_INSTANCE template
#include "ae/detail/layers/dense-instances.inc"
#include "ae/detail/layers/layer_ref-instances.inc"
