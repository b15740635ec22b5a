/*
 * schedule_sun.h - when the sun sets and when it is night.
 *
 * Source: NOAA Global Monitoring Laboratory, solar calculation details, after J. Meeus, "Astronomical Algorithms"
 * (1991), ch. 25: good to about half a minute at the latitudes allowed here. The upper limb at the horizon with
 * standard refraction is the centre 0.833 degrees below it.
 */
#ifndef APP_SCHEDULE_SUN_H
#define APP_SCHEDULE_SUN_H

#include <stdbool.h>
#include <stdint.h>

#define SUN_LATITUDE_MAX  65.0  /* beyond, there are days without a sunset */
#define SUN_SET_DEGREES   0.833 /* centre below the horizon at sunset */
#define SUN_NIGHT_DEGREES 8.5   /* three small stars */

/*
 * Seconds UTC at which the centre of the sun sinks to `degrees` below the horizon, on the afternoon or night after
 * the solar noon nearest to noon_s. Latitude north, longitude east are positive. False: it does not sink so deep
 * that night; *at_s is then solar midnight, when it is lowest.
 */
bool sun_sinks(double latitude, double longitude, double degrees, int64_t noon_s, int64_t *at_s);

#endif
