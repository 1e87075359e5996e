// SPDX-License-Identifier: Apache-2.0
#include "desktop/application.h"

int main(int argc, char** argv)
{
    return luthien::desktop::Application(argc, argv).run();
}
