#pragma once

#include "ae/detail/core/requirements.hpp"

/// AE_ABI names what changes the layout and the code of the library: the instructions, the
/// alignment of Eigen's memory, OpenMP, the product. All that is in `ae` lies in an inline
/// namespace of this name, as ae::avx2_fma_32_openmp::Index. So where units of other instructions
/// are linked together, each has functions of its own, and a library does not link with a program
/// that would misread it.
#if defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512BF16__) && defined(__AVX512VNNI__)
#define AE_ABI_INSTRUCTIONS avx512_bf16
#elif defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512VNNI__)
#define AE_ABI_INSTRUCTIONS avx512_vnni
#elif defined(EIGEN_VECTORIZE_AVX512) && defined(__AVX512BW__)
#define AE_ABI_INSTRUCTIONS avx512_bw
#elif defined(EIGEN_VECTORIZE_AVX512)
#define AE_ABI_INSTRUCTIONS avx512
#elif defined(EIGEN_VECTORIZE_AVX2)
#define AE_ABI_INSTRUCTIONS avx2
#elif defined(EIGEN_VECTORIZE_AVX)
#define AE_ABI_INSTRUCTIONS avx
#elif defined(EIGEN_VECTORIZE_SSE4_1)
#define AE_ABI_INSTRUCTIONS sse4
#elif defined(EIGEN_VECTORIZE_SSE)
#define AE_ABI_INSTRUCTIONS sse2
#elif defined(EIGEN_VECTORIZE_NEON) && defined(__ARM_FEATURE_BF16_VECTOR_ARITHMETIC)
#define AE_BFLOAT16_NEON
#define AE_ABI_INSTRUCTIONS neon_bf16
#elif defined(EIGEN_VECTORIZE_NEON)
#define AE_ABI_INSTRUCTIONS neon
#elif defined(EIGEN_VECTORIZE)
#define AE_ABI_INSTRUCTIONS vector
#else
#define AE_ABI_INSTRUCTIONS scalar
#endif

#ifdef __FMA__
#define AE_ABI_FMA _fma
#else
#define AE_ABI_FMA
#endif

#ifdef _OPENMP
#define AE_ABI_OPENMP _openmp
#else
#define AE_ABI_OPENMP
#endif

#ifdef AE_PLAIN_PRODUCT
#define AE_ABI_PRODUCT _plain
#else
#define AE_ABI_PRODUCT
#endif

#define AE_ABI_JOINED(instructions, fma, bytes, openmp, product) \
  instructions##fma##_##bytes##openmp##product
#define AE_ABI_NAME(instructions, fma, bytes, openmp, product) \
  AE_ABI_JOINED(instructions, fma, bytes, openmp, product)
#define AE_ABI \
  AE_ABI_NAME(AE_ABI_INSTRUCTIONS, AE_ABI_FMA, EIGEN_MAX_ALIGN_BYTES, AE_ABI_OPENMP, AE_ABI_PRODUCT)
