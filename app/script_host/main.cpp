// SPDX-License-Identifier: Apache-2.0
#include "script/host/host.h"

int main(int argc, char** argv)
{
    return luthien::script::host::serve(argc, argv);
}
