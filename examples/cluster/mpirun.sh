#!/bin/sh
# One tuner per rank over one store:  mpirun.sh RANKS STORE FILES_OR_FOLDERS...
# The ranks do not talk to each other; MPI only starts them.
ranks=$1
shift
exec mpirun -n "$ranks" warpshard tune "$@" --for 8h --until-gap 0.1%
