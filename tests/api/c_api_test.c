/* The C interface, from C: c_api_test FOLDER, where files may be written. */

#include "warpshard/warpshard.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(int holds, const char* condition, int line) {
  if (holds) return;
  fprintf(stderr, "line %d: %s does not hold; last error: %s\n", line, condition,
          warpshard_last_error());
  exit(1);
}

static int says(const char* text) {
  return strcmp(warpshard_last_error(), text) == 0;
}

/* The README's instance: [1, 1] has a forbidden entry; [1, 0] costs 75 and peaks at 29. */
static warpshard_problem* small_problem(void) {
  const int64_t costs[2][2] = {{15, 20}, {55, 65}};
  const int64_t usages[2][2] = {{10, 4}, {25, 12}};
  const int64_t table[4] = {30, 40, 0, WARPSHARD_FORBIDDEN};
  const int32_t ends[2] = {0, 1};
  warpshard_builder* builder = NULL;
  warpshard_problem* problem = NULL;
  int32_t node = -1;
  int64_t edge = -1;
  CHECK(warpshard_builder_create(&builder) == WARPSHARD_OK);
  CHECK(warpshard_builder_set_name(builder, "example") == WARPSHARD_OK);
  CHECK(warpshard_builder_add_node(builder, 0, 10, 2, costs[0], usages[0], &node) == WARPSHARD_OK);
  CHECK(node == 0);
  CHECK(warpshard_builder_add_node(builder, 5, 20, 2, costs[1], usages[1], NULL) == WARPSHARD_OK);
  CHECK(warpshard_builder_add_edge(builder, 2, ends, 4, table, &edge) == WARPSHARD_OK);
  CHECK(edge == 0);
  CHECK(warpshard_builder_set_usage_limit(builder, 30) == WARPSHARD_OK);
  CHECK(warpshard_builder_build(builder, &problem) == WARPSHARD_OK);
  warpshard_builder_free(builder);
  return problem;
}

/* The same, at once. */
static warpshard_problem* small_problem_in_bulk(void) {
  const int64_t intervals[4] = {0, 10, 5, 20};
  const int64_t offsets[3] = {0, 2, 4};
  const int64_t costs[4] = {15, 20, 55, 65};
  const int64_t usages[4] = {10, 4, 25, 12};
  const int64_t table_offsets[2] = {0, 4};
  const int64_t entries[4] = {30, 40, 0, WARPSHARD_FORBIDDEN};
  const int32_t ends[2] = {0, 1};
  const int32_t tables[1] = {0};
  const int32_t wrong[1] = {1};
  warpshard_builder* builder = NULL;
  warpshard_problem* problem = NULL;
  CHECK(warpshard_builder_create(&builder) == WARPSHARD_OK);
  CHECK(warpshard_builder_add_nodes(builder, 2, intervals, offsets, costs, usages, NULL) ==
        WARPSHARD_OK);
  CHECK(warpshard_builder_add_edges(builder, 1, NULL, ends, wrong, 1, table_offsets, entries,
                                    NULL) == WARPSHARD_INVALID);
  CHECK(says("edges.tables[0]: table 1 is not in [0, 1)"));
  CHECK(warpshard_builder_add_edges(builder, 0, NULL, NULL, NULL, 0, table_offsets, NULL, NULL) ==
        WARPSHARD_OK);
  CHECK(warpshard_builder_add_edges(builder, 1, NULL, ends, tables, 1, table_offsets, entries,
                                    NULL) == WARPSHARD_OK);
  CHECK(warpshard_builder_set_usage_limit(builder, 30) == WARPSHARD_OK);
  CHECK(warpshard_builder_set_name(builder, "example") == WARPSHARD_OK);
  CHECK(warpshard_builder_build(builder, &problem) == WARPSHARD_OK);
  warpshard_builder_free(builder);
  return problem;
}

static void test_numbers(void) {
  const warpshard_int128 least = {INT64_MIN, 0};
  const warpshard_int128 minus_one = {-1, UINT64_MAX};
  const warpshard_int128 large = {1, 0};
  const warpshard_cost cost = {2, {0, 5}};
  char text[WARPSHARD_INT128_DIGITS];
  int64_t whole = 0;
  CHECK(warpshard_int128_to_text(least, text) == WARPSHARD_OK);
  CHECK(strcmp(text, "-170141183460469231731687303715884105728") == 0);
  CHECK(warpshard_int128_to_int64(minus_one, &whole) == WARPSHARD_OK && whole == -1);
  CHECK(warpshard_int128_to_int64(large, &whole) == WARPSHARD_ABSENT && whole == -1);
  CHECK(warpshard_int128_to_double(large) == 18446744073709551616.0);
  CHECK(warpshard_int128_to_text(warpshard_cost_total(cost), text) == WARPSHARD_OK);
  CHECK(strcmp(text, "2000000000000000005") == 0);
}

static void test_problem(const warpshard_problem* problem) {
  const int32_t best[2] = {1, 0};
  const int32_t forbidden[2] = {1, 1};
  warpshard_evaluation evaluation;
  int64_t limit = 0;
  int64_t cost = 0;
  CHECK(strcmp(warpshard_problem_name(problem), "example") == 0);
  CHECK(warpshard_problem_num_nodes(problem) == 2 && warpshard_problem_num_edges(problem) == 1);
  CHECK(warpshard_problem_num_strategies(problem, 1) == 2);
  CHECK(warpshard_problem_num_strategies(problem, 2) == -1);
  CHECK(warpshard_problem_usage_limit(problem, &limit) == WARPSHARD_OK && limit == 30);
  CHECK(warpshard_evaluate(problem, best, 2, &evaluation) == WARPSHARD_OK);
  CHECK(warpshard_int128_to_int64(evaluation.cost.finite, &cost) == WARPSHARD_OK);
  CHECK(cost == 75 && evaluation.cost.forbidden == 0);
  CHECK(evaluation.peak_usage.low == 29 && evaluation.peak_time == 5);
  CHECK(evaluation.within_limit == 1 && evaluation.violations == 0);
  CHECK(warpshard_evaluate(problem, forbidden, 2, &evaluation) == WARPSHARD_OK);
  CHECK(evaluation.cost.forbidden == 1 && evaluation.cost.finite.low == 85);
  CHECK(warpshard_evaluate(problem, best, 1, &evaluation) == WARPSHARD_INVALID);
  CHECK(says("the plan has 1 entries for 2 nodes"));
  CHECK(warpshard_evaluate(problem, NULL, 2, &evaluation) == WARPSHARD_INVALID);
}

static void test_mistakes(void) {
  const int64_t one[1] = {1};
  const int64_t negative[1] = {-1};
  const int32_t nobody[1] = {7};
  warpshard_builder* builder = NULL;
  warpshard_problem* problem = NULL;
  warpshard_options* options = NULL;
  CHECK(warpshard_builder_create(NULL) == WARPSHARD_INVALID);
  CHECK(says("a handle or pointer is NULL"));
  CHECK(warpshard_builder_add_node(NULL, 0, 1, 1, one, one, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_create(&builder) == WARPSHARD_OK);
  CHECK(warpshard_builder_set_name(builder, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_set_usage_limit(builder, -1) == WARPSHARD_INVALID);
  CHECK(says("problem.usage_limit: -1 is below zero"));
  CHECK(warpshard_builder_add_node(builder, 0, 1, 1, one, negative, NULL) == WARPSHARD_INVALID);
  CHECK(says("problem.nodes.usages[0][0]: -1 is below zero"));
  CHECK(warpshard_builder_add_node(builder, 0, 1, 1, NULL, one, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_add_node(builder, 0, 1, -1, one, one, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_add_node(builder, 0, 1, 0, NULL, NULL, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_add_node(builder, 0, 1, 1, one, one, NULL) == WARPSHARD_OK);
  CHECK(warpshard_builder_add_edge(builder, 1, nobody, 1, one, NULL) == WARPSHARD_INVALID);
  CHECK(says("problem.edges.nodes[0][0]: node 7 is not in [0, 1)"));
  CHECK(warpshard_builder_add_edge(builder, INT64_MAX, NULL, 1, one, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_build(builder, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_builder_build(builder, &problem) == WARPSHARD_OK);
  warpshard_problem_free(problem);
  problem = NULL;
  CHECK(warpshard_builder_build(builder, &problem) == WARPSHARD_INVALID && problem == NULL);
  warpshard_builder_free(builder);
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, -0.5) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_gap(options, -1) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_threads(options, -1) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_device(options, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_parameters(options, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_parameters(options, "{\"dive\": {\"grwoth\": 2}}") ==
        WARPSHARD_INVALID);
  CHECK(strstr(warpshard_last_error(), "dive.grwoth is no parameter") != NULL);
  CHECK(warpshard_options_set_hint(options, NULL, 3) == WARPSHARD_INVALID);
  warpshard_options_free(options);
  CHECK(warpshard_problem_num_nodes(NULL) == -1 && warpshard_result_plan(NULL) == NULL);
  CHECK(strcmp(warpshard_result_message(NULL), "") == 0);
  warpshard_builder_free(NULL);
  warpshard_problem_free(NULL);
  warpshard_generator_free(NULL);
  warpshard_stop_free(NULL);
  warpshard_options_free(NULL);
  warpshard_result_free(NULL);
  warpshard_stop_request(NULL);
}

static void test_files(const warpshard_problem* problem, const char* folder) {
  static const char kText[] =
      "{\"problem\": {\"name\": \"tiny\", \"nodes\": {\"intervals\": [[0, 1]], \"costs\": [[3, 2]],"
      " \"usages\": [[0, 0]]}, \"edges\": {\"nodes\": [], \"costs\": []}}}";
  char path[1024];
  warpshard_problem* loaded = NULL;
  int64_t limit = 0;
  snprintf(path, sizeof path, "%s/c_api_test.json.gz", folder);
  CHECK(warpshard_problem_save(problem, path) == WARPSHARD_OK);
  CHECK(warpshard_problem_load(path, &loaded) == WARPSHARD_OK);
  test_problem(loaded);
  warpshard_problem_free(loaded);
  remove(path);
  loaded = NULL;
  CHECK(warpshard_problem_load(path, &loaded) == WARPSHARD_INVALID && loaded == NULL);
  CHECK(strstr(warpshard_last_error(), "c_api_test.json.gz: No such file") != NULL);
  snprintf(path, sizeof path, "%s/no such folder/x.json", folder);
  CHECK(warpshard_problem_save(problem, path) == WARPSHARD_IO);
  CHECK(warpshard_problem_load_memory(kText, sizeof kText - 1, &loaded) == WARPSHARD_OK);
  CHECK(warpshard_problem_num_nodes(loaded) == 1);
  CHECK(warpshard_problem_usage_limit(loaded, &limit) == WARPSHARD_ABSENT);
  warpshard_problem_free(loaded);
  CHECK(warpshard_problem_load_memory(kText, 20, &loaded) == WARPSHARD_INVALID);
  CHECK(strncmp(warpshard_last_error(), "problem", 7) == 0 ||
        strncmp(warpshard_last_error(), "expected", 8) == 0 ||
        strncmp(warpshard_last_error(), "the file", 8) == 0);
}

struct heard {
  int progress;
  int incumbents;
  int64_t cost;
};

static void on_progress(const warpshard_progress* progress, void* user) {
  CHECK(progress->seconds >= 0 && progress->note != NULL && progress->source != NULL);
  ++((struct heard*)user)->progress;
}

static void on_incumbent(const int32_t* plan, int32_t nodes, const warpshard_evaluation* evaluation,
                         void* user) {
  struct heard* heard = (struct heard*)user;
  CHECK(plan != NULL && nodes == 2 && evaluation->within_limit == 1);
  CHECK(warpshard_int128_to_int64(evaluation->cost.finite, &heard->cost) == WARPSHARD_OK);
  ++heard->incumbents;
}

static void test_solve(const warpshard_problem* problem) {
  struct heard heard = {0, 0, 0};
  warpshard_options* options = NULL;
  warpshard_result* result = NULL;
  warpshard_evaluation evaluation;
  warpshard_account account;
  warpshard_cost bound;
  double gap = -1;
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, 60) == WARPSHARD_OK);
  CHECK(warpshard_options_set_threads(options, 2) == WARPSHARD_OK);
  CHECK(warpshard_options_set_device(options, "cpu") == WARPSHARD_OK);
  CHECK(warpshard_options_set_parameters(options, "{\"dive\": {\"growth\": 2}}") == WARPSHARD_OK);
  CHECK(warpshard_options_on_progress(options, on_progress, &heard) == WARPSHARD_OK);
  CHECK(warpshard_options_on_incumbent(options, on_incumbent, &heard) == WARPSHARD_OK);
  CHECK(warpshard_solve(NULL, options, &result) == WARPSHARD_INVALID);
  CHECK(warpshard_solve(problem, options, &result) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(result) == WARPSHARD_OPTIMAL);
  CHECK(strcmp(warpshard_outcome_name(warpshard_result_outcome(result)), "optimal") == 0);
  CHECK(warpshard_result_num_nodes(result) == 2);
  CHECK(warpshard_result_plan(result)[0] == 1 && warpshard_result_plan(result)[1] == 0);
  CHECK(warpshard_result_evaluation(result, &evaluation) == WARPSHARD_OK);
  CHECK(evaluation.cost.finite.low == 75 && evaluation.peak_usage.low == 29);
  CHECK(warpshard_result_bound(result, &bound) == WARPSHARD_OK);
  CHECK(bound.forbidden == 0 && bound.finite.low == 75);
  CHECK(warpshard_result_gap(result, &gap) == WARPSHARD_OK && gap == 0);
  CHECK(heard.progress > 0 && heard.incumbents > 0 && heard.cost == 75);
  CHECK(warpshard_result_account(result, -1, &account) == WARPSHARD_ABSENT);
  CHECK(warpshard_result_num_accounts(result) >= 0);
  warpshard_result_free(result);
  CHECK(warpshard_options_set_device(options, "abacus") == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &result) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(result) == WARPSHARD_NO_DEVICE);
  CHECK(warpshard_result_plan(result) == NULL);
  CHECK(warpshard_result_evaluation(result, &evaluation) == WARPSHARD_ABSENT);
  CHECK(strlen(warpshard_result_message(result)) > 0);
  warpshard_result_free(result);
  warpshard_options_free(options);
}

/* Asks for a stop once there is a plan; the limit alone would let it run for hours. */
static void stop_when_found(const int32_t* plan, int32_t nodes,
                            const warpshard_evaluation* evaluation, void* user) {
  CHECK(plan != NULL && nodes > 0 && evaluation != NULL);
  warpshard_stop_request((warpshard_stop*)user);
}

static int32_t at_once(void* user) {
  ++*(int*)user;
  return 1;
}

static void test_stops(void) {
  int asked = 0;
  warpshard_generator* generator = NULL;
  warpshard_problem* problem = NULL;
  warpshard_options* options = NULL;
  warpshard_stop* stop = NULL;
  warpshard_result* result = NULL;
  CHECK(warpshard_generator_create(&generator) == WARPSHARD_OK);
  CHECK(warpshard_generator_set_integer(generator, "layers", 2) == WARPSHARD_OK);
  CHECK(warpshard_generator_set_integer(generator, "layers", INT64_MAX) == WARPSHARD_INVALID);
  CHECK(warpshard_generator_set_integer(generator, "walls", 4) == WARPSHARD_INVALID);
  CHECK(says("generate: no option \"walls\" that may be 4"));
  CHECK(warpshard_generator_set_mesh(generator, "4by8") == WARPSHARD_INVALID);
  CHECK(warpshard_generator_set_mesh(generator, "2x4") == WARPSHARD_OK);
  CHECK(warpshard_generator_set_coupling(generator, "loose") == WARPSHARD_INVALID);
  CHECK(warpshard_generator_set_limit_factor(generator, 1.05) == WARPSHARD_OK);
  CHECK(warpshard_generator_run(generator, &problem) == WARPSHARD_OK);
  CHECK(warpshard_problem_num_nodes(problem) > 100);
  CHECK(warpshard_generator_set_limit_factor(generator, 31) == WARPSHARD_OK);
  CHECK(warpshard_generator_run(generator, &problem) == WARPSHARD_INVALID);
  warpshard_generator_free(generator);
  CHECK(warpshard_stop_create(&stop) == WARPSHARD_OK);
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, 36000) == WARPSHARD_OK);
  CHECK(warpshard_options_set_stop(options, stop) == WARPSHARD_OK);
  CHECK(warpshard_options_on_incumbent(options, stop_when_found, stop) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &result) == WARPSHARD_OK);
  CHECK(warpshard_stop_requested(stop) == 1);
  CHECK(warpshard_result_num_nodes(result) == warpshard_problem_num_nodes(problem));
  warpshard_result_free(result);
  warpshard_stop_clear(stop);
  CHECK(warpshard_options_on_incumbent(options, NULL, NULL) == WARPSHARD_OK);
  CHECK(warpshard_options_should_stop(options, at_once, &asked) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &result) == WARPSHARD_OK);
  CHECK(asked >= 1 && warpshard_stop_requested(stop) == 0);
  warpshard_result_free(result);
  warpshard_options_free(options);
  warpshard_stop_free(stop);
  warpshard_problem_free(problem);
}

static void on_fault(const char* path, const char* reason, void* user) {
  CHECK(strcmp(path, "") == 0 && strncmp(reason, "nothing was stored: ", 20) == 0);
  ++*(int*)user;
}

static void check_best(const warpshard_store* store, const warpshard_problem* problem,
                       warpshard_outcome outcome, uint64_t cost) {
  warpshard_result* best = NULL;
  warpshard_evaluation evaluation;
  CHECK(warpshard_store_best(store, problem, &best) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(best) == outcome);
  CHECK(strcmp(warpshard_result_source(best), "store") == 0);
  CHECK(warpshard_result_evaluation(best, &evaluation) == WARPSHARD_OK);
  CHECK(evaluation.cost.forbidden == 0 && evaluation.cost.finite.low == cost);
  warpshard_result_free(best);
}

static void test_store_mistakes(const warpshard_store* store, const warpshard_problem* problem) {
  const int32_t large[2] = {0, 0};
  warpshard_store* none = NULL;
  warpshard_result* result = NULL;
  CHECK(warpshard_store_open(NULL, &none) == WARPSHARD_INVALID);
  CHECK(warpshard_store_open(":", &none) == WARPSHARD_INVALID && none == NULL);
  CHECK(warpshard_store_best(NULL, problem, &result) == WARPSHARD_INVALID);
  CHECK(warpshard_store_best(store, NULL, &result) == WARPSHARD_INVALID);
  CHECK(warpshard_store_solve(NULL, problem, NULL, &result) == WARPSHARD_INVALID);
  CHECK(warpshard_store_solve(store, problem, NULL, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_store_on_fault(NULL, on_fault, NULL) == WARPSHARD_INVALID);
  CHECK(warpshard_store_add(store, problem, NULL, 2) == WARPSHARD_INVALID);
  CHECK(warpshard_store_add(store, problem, large, 1) == WARPSHARD_INVALID);
  CHECK(says("the plan has 1 entries for 2 nodes"));
  CHECK(warpshard_store_add(store, problem, large, 2) == WARPSHARD_INVALID);
  CHECK(says("the plan is not within the limit"));
  warpshard_store_free(NULL);
}

/* What cannot be written is told, and costs no result. */
static void test_store_faults(const warpshard_problem* problem, const warpshard_options* options) {
  const int32_t plan[2] = {1, 0};
  int faults = 0;
  warpshard_store* store = NULL;
  warpshard_result* result = NULL;
  CHECK(warpshard_store_open("/proc/no/store", &store) == WARPSHARD_OK);
  CHECK(warpshard_store_add(store, problem, plan, 2) == WARPSHARD_IO);
  CHECK(strstr(warpshard_last_error(), "/proc/no") != NULL);
  CHECK(warpshard_store_on_fault(store, on_fault, &faults) == WARPSHARD_OK);
  CHECK(warpshard_store_solve(store, problem, options, &result) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(result) == WARPSHARD_OPTIMAL && faults == 1);
  warpshard_result_free(result);
  warpshard_store_free(store);
}

/* `folder` has no store yet. */
static void test_store(const warpshard_problem* problem, const char* folder) {
  const int32_t dear[2] = {0, 1};
  char path[1024];
  warpshard_store* store = NULL;
  warpshard_options* options = NULL;
  warpshard_result* result = NULL;
  snprintf(path, sizeof path, "%s/c_api_test_store", folder);
  if (warpshard_store_open(path, &store) == WARPSHARD_ABSENT) {
    CHECK(says("this library was built without the plan store"));
    CHECK(warpshard_store_best(store, problem, &result) == WARPSHARD_ABSENT);
    return;
  }
  CHECK(store != NULL);
  test_store_mistakes(store, problem);
  CHECK(warpshard_store_best(store, problem, &result) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(result) == WARPSHARD_NO_PLAN);
  CHECK(warpshard_result_plan(result) == NULL);
  warpshard_result_free(result);
  CHECK(warpshard_store_add(store, problem, dear, 2) == WARPSHARD_OK);
  check_best(store, problem, WARPSHARD_FEASIBLE, 120);
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, 60) == WARPSHARD_OK);
  CHECK(warpshard_options_set_device(options, "cpu") == WARPSHARD_OK);
  CHECK(warpshard_store_solve(store, problem, options, &result) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(result) == WARPSHARD_OPTIMAL);
  CHECK(strcmp(warpshard_result_source(result), "store") != 0);
  warpshard_result_free(result);
  check_best(store, problem, WARPSHARD_OPTIMAL, 75);
  CHECK(warpshard_store_solve(store, problem, options, &result) == WARPSHARD_OK);
  CHECK(strcmp(warpshard_result_source(result), "store") == 0);
  warpshard_result_free(result);
  warpshard_store_free(store);
  snprintf(path, sizeof path, ":%s/c_api_test_store", folder); /* for reading alone */
  CHECK(warpshard_store_open(path, &store) == WARPSHARD_OK);
  check_best(store, problem, WARPSHARD_OPTIMAL, 75);
  CHECK(warpshard_store_add(store, problem, dear, 2) == WARPSHARD_IO);
  warpshard_store_free(store);
  test_store_faults(problem, options);
  warpshard_options_free(options);
}

struct saved {
  char* bytes;
  size_t size;
  int count;
};

/* Keeps the second checkpoint, which is of the middle of the run. */
static void on_checkpoint(const void* bytes, size_t size, void* user) {
  struct saved* saved = (struct saved*)user;
  CHECK(bytes != NULL && size > 0);
  if (++saved->count != 2) return;
  saved->bytes = (char*)malloc(size);
  CHECK(saved->bytes != NULL);
  memcpy(saved->bytes, bytes, size);
  saved->size = size;
}

/* The prices of a result, for the options of the next solve; how many there are. */
static int32_t hand_prices_on(const warpshard_result* from, warpshard_options* to) {
  const int32_t count = warpshard_result_num_prices(from);
  warpshard_time_price* prices = malloc(sizeof(warpshard_time_price) * (size_t)(count + 1));
  int32_t index = 0;
  CHECK(prices != NULL);
  for (index = 0; index < count; ++index) {
    CHECK(warpshard_result_price(from, index, &prices[index]) == WARPSHARD_OK);
    CHECK(prices[index].price > 0);
  }
  CHECK(warpshard_result_price(from, count, &prices[count]) == WARPSHARD_ABSENT);
  CHECK(warpshard_options_set_prices(to, prices, count) == WARPSHARD_OK);
  free(prices);
  return count;
}

static void test_prices(void) {
  const warpshard_time_price below[1] = {{0, -1}};
  warpshard_generator* generator = NULL;
  warpshard_problem* problem = NULL;
  warpshard_options* options = NULL;
  warpshard_result* first = NULL;
  warpshard_result* second = NULL;
  CHECK(warpshard_generator_create(&generator) == WARPSHARD_OK);
  CHECK(warpshard_generator_set_integer(generator, "layers", 1) == WARPSHARD_OK);
  CHECK(warpshard_generator_set_limit_factor(generator, 1.05) == WARPSHARD_OK);
  CHECK(warpshard_generator_run(generator, &problem) == WARPSHARD_OK);
  warpshard_generator_free(generator);
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, 600) == WARPSHARD_OK);
  CHECK(warpshard_options_set_device(options, "cpu") == WARPSHARD_OK);
  CHECK(warpshard_options_set_work_limit(options, 30) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &first) == WARPSHARD_OK);
  CHECK(hand_prices_on(first, options) > 0);
  CHECK(warpshard_solve(problem, options, &second) == WARPSHARD_OK);
  CHECK(warpshard_result_num_nodes(second) == warpshard_problem_num_nodes(problem));
  CHECK(warpshard_result_visits(second) != warpshard_result_visits(first));
  warpshard_result_free(second);
  CHECK(warpshard_options_set_prices(options, NULL, 1) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_prices(options, below, 1) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &second) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(second) == WARPSHARD_ERROR);
  CHECK(warpshard_result_num_prices(NULL) == 0);
  warpshard_result_free(second);
  warpshard_result_free(first);
  warpshard_options_free(options);
  warpshard_problem_free(problem);
}

static void test_checkpoints(void) {
  struct saved saved = {NULL, 0, 0};
  warpshard_generator* generator = NULL;
  warpshard_problem* problem = NULL;
  warpshard_options* options = NULL;
  warpshard_result* unbroken = NULL;
  warpshard_result* resumed = NULL;
  int32_t nodes = 0;
  CHECK(warpshard_generator_create(&generator) == WARPSHARD_OK);
  CHECK(warpshard_generator_set_integer(generator, "layers", 1) == WARPSHARD_OK);
  CHECK(warpshard_generator_run(generator, &problem) == WARPSHARD_OK);
  warpshard_generator_free(generator);
  CHECK(warpshard_options_create(&options) == WARPSHARD_OK);
  CHECK(warpshard_options_set_time_limit(options, 600) == WARPSHARD_OK);
  CHECK(warpshard_options_set_device(options, "cpu") == WARPSHARD_OK);
  CHECK(warpshard_options_set_work_limit(options, 30) == WARPSHARD_OK);
  CHECK(warpshard_options_on_checkpoint(options, on_checkpoint, -1, &saved) == WARPSHARD_INVALID);
  CHECK(warpshard_options_on_checkpoint(options, on_checkpoint, 0, &saved) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &unbroken) == WARPSHARD_OK);
  CHECK(saved.count >= 2);
  CHECK(warpshard_options_on_checkpoint(options, NULL, 60, NULL) == WARPSHARD_OK);
  CHECK(warpshard_options_set_checkpoint(options, NULL, 1) == WARPSHARD_INVALID);
  CHECK(warpshard_options_set_checkpoint(options, saved.bytes, saved.size) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &resumed) == WARPSHARD_OK);
  nodes = warpshard_problem_num_nodes(problem);
  CHECK(warpshard_result_num_nodes(resumed) == nodes);
  CHECK(memcmp(warpshard_result_plan(resumed), warpshard_result_plan(unbroken),
               sizeof(int32_t) * (size_t)nodes) == 0);
  warpshard_result_free(resumed);
  CHECK(warpshard_options_set_seed(options, 99) == WARPSHARD_OK);
  CHECK(warpshard_solve(problem, options, &resumed) == WARPSHARD_OK);
  CHECK(warpshard_result_outcome(resumed) == WARPSHARD_ERROR);
  CHECK(strstr(warpshard_result_message(resumed), "checkpoint") != NULL);
  warpshard_result_free(resumed);
  warpshard_result_free(unbroken);
  warpshard_options_free(options);
  warpshard_problem_free(problem);
  free(saved.bytes);
}

int main(int argc, char** argv) {
  warpshard_problem* problem = NULL;
  if (argc != 2) return 64;
  CHECK(warpshard_abi_version() == WARPSHARD_ABI_VERSION);
  CHECK(strlen(warpshard_version()) > 0);
  CHECK(strcmp(warpshard_last_error(), "") == 0);
  test_numbers();
  test_mistakes();
  problem = small_problem_in_bulk();
  test_problem(problem);
  warpshard_problem_free(problem);
  problem = small_problem();
  test_problem(problem);
  test_files(problem, argv[1]);
  test_solve(problem);
  test_store(problem, argv[1]);
  warpshard_problem_free(problem);
  test_stops();
  test_prices();
  test_checkpoints();
  return 0;
}
