#include "ae/io/model_file.hpp"

#define AE_INSTANCE template
#include "ae/detail/io/model_file-instances.inc"
