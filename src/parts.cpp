#include "ae/detail/training/typed_parts.hpp"

#define AE_INSTANCE template
#include "ae/detail/training/typed_parts-instances.inc"
