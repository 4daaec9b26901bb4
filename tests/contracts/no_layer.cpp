// Must not compile, and the message must name what a layer is.
#include "ae/models/stacked_autoencoder.hpp"

struct NoLayer {};

ae::Chain<ae::Stack<float>, NoLayer>* chain;
