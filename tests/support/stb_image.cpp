// The decoder behind ae/data/images.hpp, once in the program as its header asks; of the formats
// only those that ae names.
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_PNM
#include <stb_image.h>
