"""The web edition: the booklet's content as one folder of HTML that needs no server and asks nothing of the network."""
