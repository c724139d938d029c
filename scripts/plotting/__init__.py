# SPDX-License-Identifier: BSD-3-Clause
"""Pictures of what soapstone writes; scripts/plot.py is the command line."""
