# ae_compiled_library(target [interface]): what ae's headers would compile in every program, as a static
# library, with the flags of the interface library. Those who link it see declarations only.
function(ae_compiled_library target)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)
  add_library(${target} STATIC EXCLUDE_FROM_ALL ${sources})
  target_link_libraries(${target} PUBLIC ae ${ARGN}
                                  PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>)
  target_compile_definitions(${target} PUBLIC AE_COMPILED)
endfunction()
