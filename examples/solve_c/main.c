/* Solves an instance from C: solve_c FILE SECONDS. Prints every better plan's cost as it is found, and
   ends with the plan. Ctrl-C ends the search early, with what it has. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <warpshard/warpshard.h>

static warpshard_stop* stop;

static void on_interrupt(int signal_number) {
  (void)signal_number;
  warpshard_stop_request(stop);
}

static void on_incumbent(const int32_t* plan, int32_t nodes, const warpshard_evaluation* evaluation,
                         void* user) {
  char digits[WARPSHARD_INT128_DIGITS];
  (void)plan;
  (void)nodes;
  warpshard_int128_to_text(warpshard_cost_total(evaluation->cost), digits);
  fprintf((FILE*)user, "cost %s\n", digits);
}

static void print_plan(const warpshard_result* result) {
  const int32_t* plan = warpshard_result_plan(result);
  int32_t node;
  for (node = 0; node < warpshard_result_num_nodes(result); ++node)
    printf("%s%d", node == 0 ? "[" : ", ", (int)plan[node]);
  printf("]\n");
}

/* What the plan is worth; exit status 0 if there is one. */
static int report(const warpshard_result* result) {
  double gap = 0;
  printf("%s", warpshard_outcome_name(warpshard_result_outcome(result)));
  if (warpshard_result_gap(result, &gap) == WARPSHARD_OK)
    printf(", at most %.3f%% above the best possible", 100 * gap);
  printf("\n");
  if (warpshard_result_plan(result) == NULL) {
    fprintf(stderr, "%s\n", warpshard_result_message(result));
    return 3;
  }
  print_plan(result);
  return 0;
}

static int solve(const warpshard_problem* problem, double seconds) {
  warpshard_options* options = NULL;
  warpshard_result* result = NULL;
  int status = 1;
  if (warpshard_options_create(&options) == WARPSHARD_OK &&
      warpshard_options_set_time_limit(options, seconds) == WARPSHARD_OK &&
      warpshard_options_set_stop(options, stop) == WARPSHARD_OK &&
      warpshard_options_on_incumbent(options, on_incumbent, stdout) == WARPSHARD_OK &&
      warpshard_solve(problem, options, &result) == WARPSHARD_OK)
    status = report(result);
  else
    fprintf(stderr, "%s\n", warpshard_last_error());
  warpshard_result_free(result);
  warpshard_options_free(options);
  return status;
}

int main(int argc, char** argv) {
  warpshard_problem* problem = NULL;
  int status = 0;
  if (argc != 3) {
    fprintf(stderr, "usage: solve_c FILE SECONDS\n");
    return 64;
  }
  if (warpshard_problem_load(argv[1], &problem) != WARPSHARD_OK ||
      warpshard_stop_create(&stop) != WARPSHARD_OK) {
    fprintf(stderr, "%s\n", warpshard_last_error());
    return 2;
  }
  signal(SIGINT, on_interrupt);
  status = solve(problem, atof(argv[2]));
  signal(SIGINT, SIG_DFL);
  warpshard_stop_free(stop);
  warpshard_problem_free(problem);
  return status;
}
