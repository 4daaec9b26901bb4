// Must not compile, and the message must name what a layer is.
#include "ae/models/stacked_autoencoder.hpp"

struct NoLayer {};

ae::StackedAutoencoder<float, NoLayer, NoLayer>* model;
