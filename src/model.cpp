#include "ae/models/stacked_autoencoder.hpp"

#define AE_INSTANCE template
#include "ae/detail/models/stacked_autoencoder-instances.inc"
