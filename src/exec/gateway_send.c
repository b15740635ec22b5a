#include "exec/gateway_send.h"

void gateway_submit(const struct gateway *gateway, const struct order *order, int64_t now_ns,
                    struct gateway_answers *out)
{
    gateway->ops->submit(gateway->self, order, now_ns, out);
}
