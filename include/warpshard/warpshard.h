/* The C interface of warpshard: C99, for programs in any language.

   Handles are opaque; each has a _free function, which takes NULL too. A function that can fail
   returns a status; warpshard_last_error() says what was wrong. Out-parameters are written on
   success only. Handles are not locked: one thread at a time may use a handle, except that any
   number may read a problem or a result, and that a stop may be requested from any thread, or from
   a signal handler. Order of calls:

     builder --build--> problem <--load, generate--
     problem + options --solve--> result
     store + problem (+ options) --best, solve--> result

   Arrays are the caller's and copied; pointers that the library returns belong to the handle they
   were asked of. Counts and shapes are in brackets. Costs are 64-bit integers, WARPSHARD_FORBIDDEN
   or more where forbidden; usages are 64-bit integers that are not negative. */
#ifndef WARPSHARD_H
#define WARPSHARD_H

#include <stddef.h>
#include <stdint.h>

#include "warpshard/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes where a program that was compiled with another would not work. */
#define WARPSHARD_ABI_VERSION 1
#define WARPSHARD_FORBIDDEN INT64_C(1000000000000000000)

typedef enum warpshard_status {
  WARPSHARD_OK = 0,
  WARPSHARD_INVALID = 1, /* an argument, instance or plan is not what it should be */
  WARPSHARD_ABSENT = 2,  /* what was asked for is not there, or does not fit where it should go */
  WARPSHARD_NO_MEMORY = 3,
  WARPSHARD_IO = 4,      /* a file cannot be written */
  WARPSHARD_INTERNAL = 5 /* a defect of the library */
} warpshard_status;

/* WARPSHARD_ABI_VERSION of the library that runs. */
WARPSHARD_EXPORT int32_t warpshard_abi_version(void);
/* Its version: "0.2.0". */
WARPSHARD_EXPORT const char* warpshard_version(void);
/* What the latest call of this thread that failed has to say: one line, perhaps cut off; "" if none
   failed. Valid until the thread's next call that fails. */
WARPSHARD_EXPORT const char* warpshard_last_error(void);

/* Numbers ---------------------------------------------------------------------------------------
 */

/* high * 2^64 + low. */
typedef struct warpshard_int128 {
  int64_t high;
  uint64_t low;
} warpshard_int128;

/* Bytes that hold the digits of any of them, sign and end included. */
#define WARPSHARD_INT128_DIGITS 41

/* A plan's cost: forbidden entries, and the sum of everything else; compared in that order. */
typedef struct warpshard_cost {
  int64_t forbidden;
  warpshard_int128 finite;
} warpshard_cost;

WARPSHARD_EXPORT double warpshard_int128_to_double(warpshard_int128 value);
/* WARPSHARD_ABSENT where it does not fit. */
WARPSHARD_EXPORT warpshard_status warpshard_int128_to_int64(warpshard_int128 value, int64_t* out);
/* Decimal digits into `text`, which holds WARPSHARD_INT128_DIGITS bytes. */
WARPSHARD_EXPORT warpshard_status warpshard_int128_to_text(warpshard_int128 value, char* text);
/* The plain sum of all entries, forbidden ones included. */
WARPSHARD_EXPORT warpshard_int128 warpshard_cost_total(warpshard_cost cost);

/* Building a problem ----------------------------------------------------------------------------
 */

typedef struct warpshard_builder warpshard_builder;
typedef struct warpshard_problem warpshard_problem;

WARPSHARD_EXPORT warpshard_status warpshard_builder_create(warpshard_builder** out);
WARPSHARD_EXPORT void warpshard_builder_free(warpshard_builder* builder);
WARPSHARD_EXPORT warpshard_status warpshard_builder_set_name(warpshard_builder* builder,
                                                             const char* name);
/* Memory units that live nodes may use together at any time; no limit at first. */
WARPSHARD_EXPORT warpshard_status warpshard_builder_set_usage_limit(warpshard_builder* builder,
                                                                    int64_t limit);
WARPSHARD_EXPORT warpshard_status warpshard_builder_clear_usage_limit(warpshard_builder* builder);
/* A node that is live from `lower` to before `upper`, with costs[strategies] and
   usages[strategies]. `index` may be NULL. A call that fails adds nothing. */
WARPSHARD_EXPORT warpshard_status warpshard_builder_add_node(warpshard_builder* builder,
                                                             int64_t lower, int64_t upper,
                                                             int32_t strategies,
                                                             const int64_t* costs,
                                                             const int64_t* usages, int32_t* index);
/* Many nodes: intervals[nodes][2] and offsets[nodes + 1], from 0 up, into costs and usages.
   `first`, the index of the first of them, may be NULL. */
WARPSHARD_EXPORT warpshard_status warpshard_builder_add_nodes(
    warpshard_builder* builder, int64_t nodes, const int64_t* intervals, const int64_t* offsets,
    const int64_t* costs, const int64_t* usages, int32_t* first);
/* An edge over nodes[ends] that were added before, with table[entries], row-major over their
   strategies: the last node's varies fastest. `index` may be NULL. */
WARPSHARD_EXPORT warpshard_status warpshard_builder_add_edge(warpshard_builder* builder,
                                                             int64_t ends, const int32_t* nodes,
                                                             int64_t entries, const int64_t* table,
                                                             int64_t* index);
/* Many edges: end_offsets[edges + 1] into nodes (NULL: two ends each), tables[edges] (NULL: edge e
   reads table e, and there are as many tables as edges), table_offsets[num_tables + 1] into
   entries. `first` may be NULL. */
WARPSHARD_EXPORT warpshard_status
warpshard_builder_add_edges(warpshard_builder* builder, int64_t edges, const int64_t* end_offsets,
                            const int32_t* nodes, const int32_t* tables, int64_t num_tables,
                            const int64_t* table_offsets, const int64_t* entries, int64_t* first);
/* The builder is as new afterwards. */
WARPSHARD_EXPORT warpshard_status warpshard_builder_build(warpshard_builder* builder,
                                                          warpshard_problem** out);

/* Problems from elsewhere -----------------------------------------------------------------------
 */

/* JSON, plain or gzip. */
WARPSHARD_EXPORT warpshard_status warpshard_problem_load(const char* path, warpshard_problem** out);
/* The same from the bytes of such a file. */
WARPSHARD_EXPORT warpshard_status warpshard_problem_load_memory(const void* bytes, size_t size,
                                                                warpshard_problem** out);
/* Writes JSON, gzip where `path` ends in ".gz". */
WARPSHARD_EXPORT warpshard_status warpshard_problem_save(const warpshard_problem* problem,
                                                         const char* path);
WARPSHARD_EXPORT void warpshard_problem_free(warpshard_problem* problem);

typedef struct warpshard_generator warpshard_generator;

/* The training step of a transformer, for trials. */
WARPSHARD_EXPORT warpshard_status warpshard_generator_create(warpshard_generator** out);
WARPSHARD_EXPORT void warpshard_generator_free(warpshard_generator* generator);
/* `name`: "nodes" (0: what layers give), "layers", "batch", "sequence", "hidden", "heads",
   "vocabulary", "link_latency" (nanoseconds), "device_teraflops" or "seed". */
WARPSHARD_EXPORT warpshard_status warpshard_generator_set_integer(warpshard_generator* generator,
                                                                  const char* name, int64_t value);
/* "4x8": devices along each axis. */
WARPSHARD_EXPORT warpshard_status warpshard_generator_set_mesh(warpshard_generator* generator,
                                                               const char* mesh);
/* "free", "follow" or "chain". */
WARPSHARD_EXPORT warpshard_status warpshard_generator_set_coupling(warpshard_generator* generator,
                                                                   const char* coupling);
/* Usage limit over the smallest peak found, 1 to 30. */
WARPSHARD_EXPORT warpshard_status
warpshard_generator_set_limit_factor(warpshard_generator* generator, double factor);
WARPSHARD_EXPORT warpshard_status warpshard_generator_run(const warpshard_generator* generator,
                                                          warpshard_problem** out);

/* Asking a problem ------------------------------------------------------------------------------
 */

/* "" for NULL. */
WARPSHARD_EXPORT const char* warpshard_problem_name(const warpshard_problem* problem);
/* -1 for NULL, or where there is no such node. */
WARPSHARD_EXPORT int32_t warpshard_problem_num_nodes(const warpshard_problem* problem);
WARPSHARD_EXPORT int64_t warpshard_problem_num_edges(const warpshard_problem* problem);
WARPSHARD_EXPORT int32_t warpshard_problem_num_strategies(const warpshard_problem* problem,
                                                          int32_t node);
/* WARPSHARD_ABSENT where usage is unlimited. */
WARPSHARD_EXPORT warpshard_status warpshard_problem_usage_limit(const warpshard_problem* problem,
                                                                int64_t* out);

/* What a plan costs and uses; exact. */
typedef struct warpshard_evaluation {
  warpshard_cost cost;
  warpshard_int128 peak_usage; /* memory units */
  int64_t peak_time;           /* the first at which it is reached; 0 if no node is ever live */
  int64_t violations;          /* moments at which usage is over the limit */
  int32_t within_limit;        /* 1 or 0 */
} warpshard_evaluation;

/* plan[nodes]: a strategy per node. */
WARPSHARD_EXPORT warpshard_status warpshard_evaluate(const warpshard_problem* problem,
                                                     const int32_t* plan, int32_t nodes,
                                                     warpshard_evaluation* out);

/* Solving ---------------------------------------------------------------------------------------
 */

/* Ends solves from outside. */
typedef struct warpshard_stop warpshard_stop;

WARPSHARD_EXPORT warpshard_status warpshard_stop_create(warpshard_stop** out);
/* Only when no solve that it was given to is running. */
WARPSHARD_EXPORT void warpshard_stop_free(warpshard_stop* stop);
/* From any thread, or from a signal handler; takes NULL. Solves end soon, with what they have. */
WARPSHARD_EXPORT void warpshard_stop_request(warpshard_stop* stop);
/* Makes it fit for another solve. */
WARPSHARD_EXPORT void warpshard_stop_clear(warpshard_stop* stop);
/* 1 or 0; 0 for NULL. */
WARPSHARD_EXPORT int32_t warpshard_stop_requested(const warpshard_stop* stop);

/* Valid during the callback only. */
typedef struct warpshard_progress {
  double seconds;        /* since solving began */
  int32_t has_incumbent; /* 1 where `incumbent`, the cost of the best plan, is set */
  warpshard_cost incumbent;
  int32_t has_bound; /* 1 where `bound` is set: no plan within the limit costs less */
  warpshard_cost bound;
  int64_t visits;     /* of variables, so far */
  const char* source; /* what brought the news, or "" */
  const char* note;   /* one line, or "" */
} warpshard_progress;

/* Callbacks come from any thread, one call at a time for the first two, and hold up the thread that
   calls. They must return: no exception, no longjmp; they may request a stop. */
typedef void (*warpshard_on_progress)(const warpshard_progress* progress, void* user);
/* plan[nodes] is better than all before. */
typedef void (*warpshard_on_incumbent)(const int32_t* plan, int32_t nodes,
                                       const warpshard_evaluation* evaluation, void* user);
/* Not 0 ends the search. Asked a hundred times a second. */
typedef int32_t (*warpshard_should_stop)(void* user);
/* bytes[size]: the whole state of the search, to go on from; not while the callbacks above run. */
typedef void (*warpshard_on_checkpoint)(const void* bytes, size_t size, void* user);

typedef struct warpshard_options warpshard_options;

WARPSHARD_EXPORT warpshard_status warpshard_options_create(warpshard_options** out);
WARPSHARD_EXPORT void warpshard_options_free(warpshard_options* options);
/* Seconds that warpshard_solve() may take; finite, not negative. 10 unless set. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_time_limit(warpshard_options* options,
                                                                   double seconds);
WARPSHARD_EXPORT warpshard_status warpshard_options_set_seed(warpshard_options* options,
                                                             uint64_t seed);
/* 0: one per core. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_threads(warpshard_options* options,
                                                                int32_t threads);
/* "auto", "cpu", "cuda" or "cuda:N". */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_device(warpshard_options* options,
                                                               const char* device);
/* Stops at that distance from the bound: 0.01 is a percent. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_gap(warpshard_options* options, double gap);
/* Stops at a plan without forbidden entries that costs no more. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_target(warpshard_options* options,
                                                               int64_t target);
/* Millions of units of work instead of time, for equal results whatever the machine does and
   however many threads it has; 0: none. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_work_limit(warpshard_options* options,
                                                                   int64_t work_limit);
/* Parameters of the search as a JSON object, such as {"dive": {"growth": 2}}; see parameters.h. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_parameters(warpshard_options* options,
                                                                   const char* json);
/* Bytes that the process may have; 0: no limit. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_memory_limit(warpshard_options* options,
                                                                     int64_t bytes);
/* plan[nodes]: the first incumbent; nodes 0: none. Judged by warpshard_solve(). */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_initial_plan(warpshard_options* options,
                                                                     const int32_t* plan,
                                                                     int32_t nodes);
/* hint[nodes]: strategies to begin with, -1 where that is left open; nodes 0: none. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_hint(warpshard_options* options,
                                                             const int32_t* hint, int32_t nodes);
/* What memory is worth at a time. */
typedef struct warpshard_time_price {
  int64_t time; /* as in the nodes' intervals */
  double price; /* cost units per memory unit, not negative */
} warpshard_time_price;

/* prices[count]: those of the result of a problem much like this one, where the search for prices
   begins; count 0: none. Any others hold it up, but nothing that it proves depends on them. Judged
   by warpshard_solve(). */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_prices(warpshard_options* options,
                                                               const warpshard_time_price* prices,
                                                               int32_t count);
/* NULL: none. It must outlive the solve. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_stop(warpshard_options* options,
                                                             const warpshard_stop* stop);
/* NULL: none. */
WARPSHARD_EXPORT warpshard_status warpshard_options_on_progress(warpshard_options* options,
                                                                warpshard_on_progress callback,
                                                                void* user);
WARPSHARD_EXPORT warpshard_status warpshard_options_on_incumbent(warpshard_options* options,
                                                                 warpshard_on_incumbent callback,
                                                                 void* user);
WARPSHARD_EXPORT warpshard_status warpshard_options_should_stop(warpshard_options* options,
                                                                warpshard_should_stop callback,
                                                                void* user);

/* Of solves with a work limit: called about every `seconds` with a checkpoint, and at
   the end. NULL: not at all. */
WARPSHARD_EXPORT warpshard_status warpshard_options_on_checkpoint(warpshard_options* options,
                                                                  warpshard_on_checkpoint callback,
                                                                  double seconds, void* user);
/* Goes on from a checkpoint of the same problem, seed, parameters, devices, plan, hint and prices,
   to where the unbroken solve would end. The bytes are copied; size 0: begins from nothing. */
WARPSHARD_EXPORT warpshard_status warpshard_options_set_checkpoint(warpshard_options* options,
                                                                   const void* bytes, size_t size);

/* How a solve ended. */
typedef enum warpshard_outcome {
  WARPSHARD_OPTIMAL = 0,     /* a plan within the limit, and a proof that none costs less */
  WARPSHARD_GAP_REACHED = 1, /* a plan whose distance to the bound is at most the gap asked for */
  WARPSHARD_FEASIBLE = 2,    /* a plan within the limit */
  WARPSHARD_INFEASIBLE = 3,  /* proved: no plan is within the limit */
  WARPSHARD_NO_PLAN = 4,     /* none was found in time */
  WARPSHARD_ERROR = 5,       /* the instance cannot be solved; the message says why */
  WARPSHARD_NO_DEVICE = 6    /* the device asked for is absent; the message says which */
} warpshard_outcome;

/* "optimal", "gap_reached", ... */
WARPSHARD_EXPORT const char* warpshard_outcome_name(warpshard_outcome outcome);

typedef struct warpshard_result warpshard_result;

/* WARPSHARD_OK if there is a result, whatever its outcome. `options` may be NULL. */
WARPSHARD_EXPORT warpshard_status warpshard_solve(const warpshard_problem* problem,
                                                  const warpshard_options* options,
                                                  warpshard_result** out);
WARPSHARD_EXPORT void warpshard_result_free(warpshard_result* result);

/* WARPSHARD_ERROR for NULL. */
WARPSHARD_EXPORT warpshard_outcome warpshard_result_outcome(const warpshard_result* result);
/* A plan of as many strategies as the problem has nodes; NULL where none was found. */
WARPSHARD_EXPORT const int32_t* warpshard_result_plan(const warpshard_result* result);
/* 0 where no plan was found. */
WARPSHARD_EXPORT int32_t warpshard_result_num_nodes(const warpshard_result* result);
/* WARPSHARD_ABSENT where no plan was found. */
WARPSHARD_EXPORT warpshard_status warpshard_result_evaluation(const warpshard_result* result,
                                                              warpshard_evaluation* out);
/* Proved: no plan within the limit costs less. WARPSHARD_ABSENT where there is no bound. */
WARPSHARD_EXPORT warpshard_status warpshard_result_bound(const warpshard_result* result,
                                                         warpshard_cost* out);
/* (cost - bound) / |bound|; WARPSHARD_ABSENT where that says nothing. */
WARPSHARD_EXPORT warpshard_status warpshard_result_gap(const warpshard_result* result, double* out);
WARPSHARD_EXPORT double warpshard_result_seconds(const warpshard_result* result);
/* Of variables by the search. */
WARPSHARD_EXPORT int64_t warpshard_result_visits(const warpshard_result* result);
/* What found the plan; "" for NULL. */
WARPSHARD_EXPORT const char* warpshard_result_source(const warpshard_result* result);
/* For a person to read; may be "". */
WARPSHARD_EXPORT const char* warpshard_result_message(const warpshard_result* result);

/* What the search put on memory, where above zero; see warpshard_options_set_prices(). */
WARPSHARD_EXPORT int32_t warpshard_result_num_prices(const warpshard_result* result);
/* WARPSHARD_ABSENT where there is no such price. */
WARPSHARD_EXPORT warpshard_status warpshard_result_price(const warpshard_result* result,
                                                         int32_t index, warpshard_time_price* out);

/* What one kind of search did in a run. */
typedef struct warpshard_account {
  const char* worker; /* "greedy", "dive", ... */
  double seconds;     /* of a thread */
  int64_t work;       /* units that mean the same everywhere */
  int64_t tasks;
  int64_t offers;       /* plans that it proposed */
  int64_t improvements; /* of these, best so far */
  double gain;          /* by how much they were cheaper, cost units */
} warpshard_account;

WARPSHARD_EXPORT int32_t warpshard_result_num_accounts(const warpshard_result* result);
/* WARPSHARD_ABSENT where there is no such account. */
WARPSHARD_EXPORT warpshard_status warpshard_result_account(const warpshard_result* result,
                                                           int32_t index, warpshard_account* out);

/* A store of plans ------------------------------------------------------------------------------
 */

/* A directory of plans and bounds, to which any number of processes may write at a time;
   docs/store.md describes it. Any number of threads may use a handle, but for
   warpshard_store_on_fault(). Every call gives WARPSHARD_ABSENT where the library was built without
   it (WARPSHARD_STORE=OFF). */
typedef struct warpshard_store warpshard_store;

/* `layers`: "DIR", or "DIR:DIR:...": all are read, the first is written to; with nothing before the
   first colon none is. Folders need not exist. WARPSHARD_INVALID where none is named, or one is
   there and no folder. */
WARPSHARD_EXPORT warpshard_status warpshard_store_open(const char* layers, warpshard_store** out);
WARPSHARD_EXPORT void warpshard_store_free(warpshard_store* store);

/* Something in a store that could not be read or written, and why, in one line; `path` may be "".
   Both are valid during the callback only, which comes from the thread that called the store. */
typedef void (*warpshard_on_fault)(const char* path, const char* reason, void* user);
/* NULL: none. No result depends on a fault; they are passed over in silence unless asked for. */
WARPSHARD_EXPORT warpshard_status warpshard_store_on_fault(warpshard_store* store,
                                                           warpshard_on_fault callback, void* user);

/* The best plan and bound that are known of a problem, whatever its name; no search. The plan has
   been verified on `problem`. The outcome is WARPSHARD_OPTIMAL where plan and bound meet,
   WARPSHARD_NO_PLAN where no plan is known; the source is "store". */
WARPSHARD_EXPORT warpshard_status warpshard_store_best(const warpshard_store* store,
                                                       const warpshard_problem* problem,
                                                       warpshard_result** out);

/* warpshard_solve() with a memory. What the store settles, by a proof or a gap within that of the
   options, is the result at once; else the search starts from the best plan that is known of this
   problem or of one like it, and what it finds is added. A store that cannot be read or written
   costs no result. */
WARPSHARD_EXPORT warpshard_status warpshard_store_solve(const warpshard_store* store,
                                                        const warpshard_problem* problem,
                                                        const warpshard_options* options,
                                                        warpshard_result** out);

/* Adds plan[nodes], from elsewhere. WARPSHARD_INVALID where it is no plan of this problem, or not
   within its limit; WARPSHARD_IO where it cannot be written. */
WARPSHARD_EXPORT warpshard_status warpshard_store_add(const warpshard_store* store,
                                                      const warpshard_problem* problem,
                                                      const int32_t* plan, int32_t nodes);

#ifdef __cplusplus
}
#endif

#endif
