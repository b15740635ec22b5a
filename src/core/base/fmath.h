/*
 * fmath.h - elementary functions of our own, from + - * / and sqrt only. Pure.
 *
 * glibc's exp, log and pow differ between machines with and without FMA; decisions must
 * not. Accuracy: relative error below 1e-14 over the ranges named, checked against libm in
 * the tests. NaN in, NaN out.
 */
#ifndef CORE_BASE_FMATH_H
#define CORE_BASE_FMATH_H

double fmath_exp(double x); /* 0 below -745, +inf above 709.78 */
double fmath_log(double x); /* x > 0; -inf at 0, NaN below */
double fmath_exp2(double x);
double fmath_pow(double x, double y); /* x > 0 */
double fmath_normal_cdf(double x);    /* absolute error below 1e-12 */

#endif
